import { SpecTemplate, template } from 'swift-ts/plugin';
import { LONGWRITER_LLAMA } from './_renamed.js';

/** https://huggingface.co/THUDM/LongWriter-llama3.1-8b */
@template({ id: 'longwriter-llama3', summary: '[INST] turns of LongWriter-llama3.1' })
export class LongwriterLlama3 extends SpecTemplate {
  readonly spec = LONGWRITER_LLAMA;
}
