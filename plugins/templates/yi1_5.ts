import { SpecTemplate, template } from 'swift-ts/plugin';
import { CHATML_BOS } from './_renamed.js';

/** https://huggingface.co/01-ai/Yi-1.5-6B-Chat/blob/main/tokenizer_config.json */
@template({ id: 'yi1_5', summary: 'ChatML of Yi-1.5' })
export class Yi1_5 extends SpecTemplate {
  readonly spec = CHATML_BOS;
}
