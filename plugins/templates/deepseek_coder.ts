import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_CODER } from './_renamed.js';

/** The id that SWIFT 3 and later give deepseek-coder. */
@template({ id: 'deepseek_coder', summary: 'deepseek-coder under its later id' })
export class DeepseekCoderRenamed extends SpecTemplate {
  readonly spec = DEEPSEEK_CODER;
}
