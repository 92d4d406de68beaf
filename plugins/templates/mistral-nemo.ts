import { SpecTemplate, template } from 'swift-ts/plugin';
import { MISTRAL_NEMO } from './_renamed.js';

/** https://huggingface.co/mistralai/Mistral-Nemo-Instruct-2407/blob/main/tokenizer_config.json */
@template({ id: 'mistral-nemo', summary: '[INST] turns of Mistral Nemo, the system prompt in the last one' })
export class MistralNemo extends SpecTemplate {
  readonly spec = MISTRAL_NEMO;
}
