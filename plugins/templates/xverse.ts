import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/xverse/XVERSE-7B-Chat/blob/main/tokenizer_config.json */
@template({ id: 'xverse', summary: 'Human/Assistant turns of XVERSE' })
export class Xverse extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: ['Human: {{QUERY}}\n\nAssistant: '],
    chat_sep: [['eos_token_id']],
    suffix: [['eos_token_id']],
  };
}
