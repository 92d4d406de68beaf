import { SpecTemplate, template } from 'swift-ts/plugin';
import { WIZARDLM2 } from './_renamed.js';

/** The id that SWIFT 3 and later give wizardlm2. */
@template({ id: 'wizardlm2_moe', summary: 'wizardlm2 under its later id' })
export class Wizardlm2Moe extends SpecTemplate {
  readonly spec = WIZARDLM2;
}
