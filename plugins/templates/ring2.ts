import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { LING } from './_ling.js';

/** https://huggingface.co/inclusionAI/Ring-mini-2.0/blob/main/tokenizer_config.json */
@template({ id: 'ring2', summary: '<role> turns of Ring 2, which always thinks' })
export class Ring2 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...LING,
    thinking: 'strip',
    generation_prefix: '<think>\n',
  };
}
