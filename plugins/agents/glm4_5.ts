import { agent } from 'swift-ts/plugin';
import { GlmAgent } from './_glm.js';

/** https://huggingface.co/zai-org/GLM-4.5/blob/main/chat_template.jinja */
@agent({ id: 'glm4_5', summary: 'Tags of GLM-4.5: <arg_key>, <arg_value>' })
export class Glm4_5Agent extends GlmAgent {
  protected readonly line = '\n';
  protected readonly example =
    '<tool_call>{function-name}\n<arg_key>{arg-key-1}</arg_key>\n<arg_value>{arg-value-1}</arg_value>\n' +
    '<arg_key>{arg-key-2}</arg_key>\n<arg_value>{arg-value-2}</arg_value>\n...\n</tool_call>';
}
