import { SpecTemplate, template } from 'swift-ts/plugin';
import { GLM4_7 } from './_glm.js';

/**
 * https://huggingface.co/zai-org/GLM-4.7/blob/main/tokenizer_config.json
 * glm5_1: https://huggingface.co/zai-org/GLM-5.1/blob/main/tokenizer_config.json
 */
@template({
  id: 'glm4_7',
  agent: { glm4_7: 'glm4_7', glm5_1: 'glm5_1' },
  summary: 'GLM-4.7 turns without line breaks, thoughts first',
  also: { glm5_1: 'GLM-5.1 turns, thoughts first' },
})
export class Glm4_7 extends SpecTemplate {
  readonly spec = GLM4_7;
}
