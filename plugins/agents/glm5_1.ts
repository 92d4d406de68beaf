import { agent, pythonJson, unwrapped, type Tool } from 'swift-ts/plugin';
import { GlmAgentInOneLine } from './_glm.js';

/** https://huggingface.co/zai-org/GLM-5.1/blob/main/chat_template.jinja */
@agent({ id: 'glm5_1', summary: 'Tags of GLM-5.1: those of GLM-4.7, tools without what is around them' })
export class Glm5_1Agent extends GlmAgentInOneLine {
  protected override definition(tool: Tool): string {
    return pythonJson(unwrapped(tool));
  }
}
