import { SpecTemplate, template } from 'swift-ts/plugin';
import { YI_CODER } from './_renamed.js';

/** https://huggingface.co/01-ai/Yi-Coder-9B-Chat/blob/main/tokenizer_config.json */
@template({ id: 'yi-coder', summary: 'ChatML of Yi-Coder' })
export class YiCoder extends SpecTemplate {
  readonly spec = YI_CODER;
}
