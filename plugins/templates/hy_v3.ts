import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/tencent/Hy3/blob/main/tokenizer_config.json */
@template({ id: 'hy_v3', agent: 'hy_v3', summary: '<｜hy_User:opensource｜> turns of Hy3, thoughts first' })
export class HyV3 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: [
      '<｜hy_begin_of_sentence:opensource｜>',
      '<｜reasoning_mode:opensource｜>reasoning_effort:no_think',
    ],
    system_prefix: [
      '<｜hy_begin_of_sentence:opensource｜>{{SYSTEM}}',
      '<｜reasoning_mode:opensource｜>reasoning_effort:no_think',
    ],
    prompt: ['<｜hy_User:opensource｜>{{QUERY}}<｜hy_Assistant:opensource｜>'],
    chat_sep: ['<｜hy_eos:opensource｜>'],
    suffix: ['<｜hy_eos:opensource｜>'],
    thinking: 'add-empty',
    generation_prefix: '<think:opensource></think:opensource>',
    history_thinking: '<think:opensource></think:opensource>',
    empty_thinking: '<think:opensource></think:opensource>',
    thought: '<think:opensource>{{THOUGHT}}</think:opensource>',
  };
}
