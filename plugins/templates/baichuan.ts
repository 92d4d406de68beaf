import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/baichuan-inc/Baichuan2-7B-Chat/blob/main/tokenizer_config.json */
@template({ id: 'baichuan', summary: 'Reserved tokens around the question, of Baichuan 1 and 2' })
export class Baichuan extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['{{SYSTEM}}'],
    prompt: [[195], '{{QUERY}}', [196]],
    chat_sep: [],
    suffix: [['eos_token_id']],
  };
}
