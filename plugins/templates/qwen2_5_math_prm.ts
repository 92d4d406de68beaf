import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN_MATH } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen2.5-Math-PRM-7B/blob/main/tokenizer_config.json */
@template({
  id: 'qwen2_5_math_prm',
  agent: 'hermes',
  summary: 'ChatML of the process reward model of Qwen2.5-Math, <extra_0> behind each step',
})
export class Qwen2_5MathPrm extends SpecTemplate {
  readonly spec = { ...QWEN_MATH, step_mark: '<extra_0>' };
}
