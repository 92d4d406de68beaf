import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/IDEA-CCNL/Ziya2-13B-Chat */
@template({ id: 'ziya', summary: '<human> and <bot> turns of Ziya' })
export class Ziya extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [['bos_token_id']],
    system_prefix: [['bos_token_id'], '{{SYSTEM}}'],
    prompt: ['<human>:{{QUERY}}\n<bot>:'],
    chat_sep: ['\n'],
    suffix: [['eos_token_id']],
  };
}
