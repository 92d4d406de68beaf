import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/meituan-longcat/LongCat-Flash-Chat/blob/main/tokenizer_config.json */
@template({ id: 'longchat', summary: 'Numbered rounds of LongCat' })
export class Longchat extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['SYSTEM:{{SYSTEM}}'],
    prompt: [' [Round {{ROUND0}}] USER:{{QUERY}} ASSISTANT:'],
    chat_sep: ['</longcat_s>'],
    suffix: ['</longcat_s>'],
  };
}
