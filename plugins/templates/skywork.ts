import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/Skywork/Skywork-13B-base/blob/main/tokenizer_config.json */
@template({ id: 'skywork', summary: 'One [USER] turn of Skywork' })
export class Skywork extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<s>'],
    system_prefix: ['<s>{{SYSTEM}}'],
    prompt: ['</s><s>[USER]{{QUERY}}[SEP][BOT]'],
    chat_sep: null,
    suffix: ['[SEP]</s>'],
  };
}
