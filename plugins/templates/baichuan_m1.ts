import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/baichuan-inc/Baichuan-M1-14B-Instruct/blob/main/tokenizer_config.json */
@template({ id: 'baichuan_m1', summary: '<C_Q> and <C_A> turns of Baichuan-M1' })
export class BaichuanM1 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [],
    system_prefix: ['<B_SYS>{{SYSTEM}}'],
    prompt: ['<C_Q>{{QUERY}}<C_A>'],
    chat_sep: [],
    suffix: ['<C_A>'],
    default_system: 'You are a helpful assistant.',
  };
}
