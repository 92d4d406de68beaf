import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B/blob/main/tokenizer_config.json */
@template({ id: 'deepseek_r1', summary: 'Turns of DeepSeek-R1 and its distillations, which think first' })
export class DeepseekR1 extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<｜begin▁of▁sentence｜>'],
    system_prefix: ['<｜begin▁of▁sentence｜>{{SYSTEM}}'],
    prompt: ['<｜User｜>{{QUERY}}<｜Assistant｜>'],
    chat_sep: ['<｜end▁of▁sentence｜>'],
    suffix: ['<｜end▁of▁sentence｜>'],
    generation_prefix: '<think>\n',
    thinking: 'strip',
  };
}
