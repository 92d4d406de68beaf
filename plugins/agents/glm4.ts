import { agent } from 'swift-ts/plugin';
import { Glm4Agents } from './_glm4.js';

/** https://huggingface.co/zai-org/GLM-4-9B-0414/blob/main/chat_template.jinja. It takes the place of the system prompt. */
@agent({ id: 'glm4', summary: 'Calls of GLM-4-0414: a name, and JSON on the next line' })
export class Glm4Agent extends Glm4Agents {
  protected readonly system = '';
}
