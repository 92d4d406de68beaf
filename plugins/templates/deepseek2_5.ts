import { SpecTemplate, template } from 'swift-ts/plugin';
import { DEEPSEEK_V2_5 } from './_deepseek.js';

/** The id that SWIFT 2 gives deepseek_v2_5; it misspells the stop token, which is put right here. */
@template({ id: 'deepseek2_5', summary: 'deepseek_v2_5 under its earlier id' })
export class Deepseek2_5 extends SpecTemplate {
  readonly spec = DEEPSEEK_V2_5;
}
