import { SpecTemplate, template } from 'swift-ts/plugin';
import { LONGWRITER_LLAMA } from './_renamed.js';

/** The id that SWIFT 3 and later give longwriter-llama3. */
@template({ id: 'longwriter_llama', summary: 'longwriter-llama3 under its later id' })
export class LongwriterLlama extends SpecTemplate {
  readonly spec = LONGWRITER_LLAMA;
}
