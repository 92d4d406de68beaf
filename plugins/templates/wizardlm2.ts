import { SpecTemplate, template } from 'swift-ts/plugin';
import { WIZARDLM2 } from './_renamed.js';

/** https://huggingface.co/alpindale/WizardLM-2-8x22B/blob/main/tokenizer_config.json */
@template({ id: 'wizardlm2', summary: 'USER and ASSISTANT turns of WizardLM-2' })
export class Wizardlm2 extends SpecTemplate {
  readonly spec = WIZARDLM2;
}
