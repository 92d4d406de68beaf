import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/vivo-ai/BlueLM-7B-Chat/blob/main/tokenizer_config.json */
@template({ id: 'bluelm', summary: '[|Human|]: turns of BlueLM' })
export class Bluelm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: [['bos_token_id'], '{{SYSTEM}}'],
    prompt: ['[|Human|]:{{QUERY}}[|AI|]:'],
    chat_sep: [],
    suffix: [['eos_token_id']],
  };
}
