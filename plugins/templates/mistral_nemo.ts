import { SpecTemplate, template } from 'swift-ts/plugin';
import { MISTRAL_NEMO } from './_renamed.js';

/** The id that SWIFT 3 and later give mistral-nemo. */
@template({ id: 'mistral_nemo', summary: 'mistral-nemo under its later id' })
export class MistralNemoRenamed extends SpecTemplate {
  readonly spec = MISTRAL_NEMO;
}
