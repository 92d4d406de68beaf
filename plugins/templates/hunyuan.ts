import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/tencent/Hunyuan-0.5B-Instruct/blob/main/tokenizer_config.json */
@template({
  id: 'hunyuan',
  agent: 'hunyuan_hermes',
  summary: '<｜hy_User｜> turns of Hunyuan; thoughts may come first',
})
export class Hunyuan extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<｜hy_begin▁of▁sentence｜>'],
    system_prefix: ['<｜hy_begin▁of▁sentence｜>{{SYSTEM}}<｜hy_place▁holder▁no▁3｜>'],
    prompt: ['<｜hy_User｜>{{QUERY}}<｜hy_Assistant｜>'],
    chat_sep: ['<｜hy_place▁holder▁no▁2｜>'],
    suffix: ['<｜hy_place▁holder▁no▁2｜>'],
    thinking: 'add-empty',
    empty_thinking: '<think>\n\n</think>\n',
    thought: '<think>\n{{THOUGHT}}\n</think>\n',
  };
}
