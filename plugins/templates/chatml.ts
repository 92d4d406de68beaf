import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML } from './_chatml.js';

/** ChatML turns without a default system prompt. */
@template({ id: 'chatml', summary: '<|im_start|> turns, no default system prompt' })
export class Chatml extends SpecTemplate {
  readonly spec = {
    ...CHATML,
    auto_add_bos: true,
  };
}
