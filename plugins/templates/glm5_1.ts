import { SpecTemplate, template } from 'swift-ts/plugin';
import { GLM4_7 } from './_glm.js';

/** https://huggingface.co/zai-org/GLM-5.1/blob/main/tokenizer_config.json */
@template({ id: 'glm5_1', summary: 'GLM-5.1 turns, thoughts first' })
export class Glm5_1 extends SpecTemplate {
  readonly spec = GLM4_7;
}
