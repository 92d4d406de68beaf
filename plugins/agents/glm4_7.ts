import { agent } from 'swift-ts/plugin';
import { GlmAgentInOneLine } from './_glm.js';

/** https://huggingface.co/zai-org/GLM-4.7/blob/main/chat_template.jinja */
@agent({ id: 'glm4_7', summary: 'Tags of GLM-4.7: <arg_key>, <arg_value>, without line breaks' })
export class Glm4_7Agent extends GlmAgentInOneLine {}
