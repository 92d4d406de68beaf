import { SpecTemplate, template } from 'swift-ts/plugin';
import { YI_CODER } from './_renamed.js';

/** The id that SWIFT 3 and later give yi-coder. */
@template({ id: 'yi_coder', summary: 'yi-coder under its later id' })
export class YiCoderRenamed extends SpecTemplate {
  readonly spec = YI_CODER;
}
