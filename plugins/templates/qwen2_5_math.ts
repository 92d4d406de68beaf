import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN_MATH } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen2.5-Math-1.5B-Instruct/blob/main/tokenizer_config.json */
@template({
  id: 'qwen2_5_math',
  agent: 'hermes',
  summary: 'ChatML of Qwen2.5-Math',
})
export class Qwen2_5Math extends SpecTemplate {
  readonly spec = QWEN_MATH;
}
