import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';

/** https://huggingface.co/baidu/ERNIE-4.5-21B-A3B-Thinking/blob/main/tokenizer_config.json */
@template({ id: 'ernie_thinking', summary: 'ChatML of ERNIE 4.5 Thinking with its settings, thoughts first' })
export class ErnieThinking extends SpecTemplate {
  readonly spec: TemplateSpec = {
    prefix: ['<|im_start|>system\n<global_setting>\nthink_mode=True\n</global_setting><|im_end|>\n\n'],
    system_prefix: [
      '<|im_start|>system\n<system_setting>\n{{SYSTEM}}\n</system_setting>\n\n<global_setting>\nthink_mode=True\n</global_setting><|im_end|>\n\n',
    ],
    prompt: ['<|im_start|>user\n{{QUERY}}<|im_end|>\n\n<|im_start|>assistant\n'],
    chat_sep: ['<|im_end|>\n\n'],
    suffix: ['<|im_end|>'],
    thinking: 'strip',
    generation_prefix: '<think>\n',
  };
}
