import { SpecTemplate, template } from 'swift-ts/plugin';
import { GLM } from './_glm.js';

/** https://huggingface.co/zai-org/GLM-4-9B-0414/blob/main/tokenizer_config.json */
@template({ id: 'glm4', summary: '<|user|> turns of GLM-4-0414' })
export class Glm4 extends SpecTemplate {
  readonly spec = GLM;
}
