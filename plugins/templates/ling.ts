import { SpecTemplate, template } from 'swift-ts/plugin';
import { LING } from './_ling.js';

/** https://huggingface.co/inclusionAI/Ling-lite/blob/main/tokenizer_config.json */
@template({ id: 'ling', summary: '<role> turns of Ling' })
export class Ling extends SpecTemplate {
  readonly spec = LING;
}
