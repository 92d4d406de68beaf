import { SpecTemplate, template } from 'swift-ts/plugin';
import { NUMINA_MATH } from './_renamed.js';

/** The id that SWIFT 3 and later give numina-math. */
@template({ id: 'numina', summary: 'numina-math under its later id' })
export class Numina extends SpecTemplate {
  readonly spec = NUMINA_MATH;
}
