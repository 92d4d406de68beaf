import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen3-ASR-1.7B/blob/main/chat_template.json */
@template({ id: 'qwen3_asr', agent: 'hermes', summary: 'ChatML of Qwen3-ASR, a system turn in any case' })
export class Qwen3Asr extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    prefix: ['<|im_start|>system\n<|im_end|>\n'],
  };
}
