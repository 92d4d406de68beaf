import { SpecTemplate, template } from 'swift-ts/plugin';
import { NUMINA_MATH } from './_renamed.js';

/** https://huggingface.co/AI-MO/NuminaMath-7B-TIR */
@template({ id: 'numina-math', summary: '### Problem and ### Solution of NuminaMath' })
export class NuminaMath extends SpecTemplate {
  readonly spec = NUMINA_MATH;
}
