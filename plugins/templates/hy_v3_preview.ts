import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/tencent/Hy3-preview/blob/main/tokenizer_config.json */
@template({
  id: 'hy_v3_preview',
  agent: 'hy_v3_preview',
  summary: '<｜hy_User｜> turns of Hy3-preview, thoughts first',
})
export class HyV3Preview extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<｜hy_begin▁of▁sentence｜>', '<｜reasoning_mode｜>reasoning_effort:no_think'],
    system_prefix: ['<｜hy_begin▁of▁sentence｜>{{SYSTEM}}', '<｜reasoning_mode｜>reasoning_effort:no_think'],
    prompt: ['<｜hy_User｜>{{QUERY}}<｜hy_Assistant｜>'],
    chat_sep: ['<｜hy_eos｜>'],
    suffix: ['<｜hy_eos｜>'],
    thinking: 'add-empty',
    generation_prefix: '<think></think>',
    history_thinking: '<think></think>',
    empty_thinking: '<think></think>',
    thought: '<think>{{THOUGHT}}</think>',
  };
}
