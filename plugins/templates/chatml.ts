import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML_BOS } from './_renamed.js';

/** ChatML turns without a default system prompt. */
@template({ id: 'chatml', summary: '<|im_start|> turns, no default system prompt' })
export class Chatml extends SpecTemplate {
  readonly spec = CHATML_BOS;
}
