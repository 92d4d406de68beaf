import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML_BOS } from './_renamed.js';

/** https://huggingface.co/01-ai/Yi-34B-Chat/blob/main/tokenizer_config.json */
@template({ id: 'yi', summary: 'ChatML of Yi' })
export class Yi extends SpecTemplate {
  readonly spec = CHATML_BOS;
}
