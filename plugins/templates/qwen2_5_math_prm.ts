import { SpecTemplate, template } from 'swift-ts/plugin';
import type { TemplateSpec } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/** https://huggingface.co/Qwen/Qwen2.5-Math-PRM-7B/blob/main/tokenizer_config.json */
@template({ id: 'qwen2_5_math_prm', summary: 'ChatML of the process reward model of Qwen2.5-Math' })
export class Qwen2_5MathPrm extends SpecTemplate {
  readonly spec: TemplateSpec = {
    ...QWEN,
    default_system: 'Please reason step by step, and put your final answer within \\boxed{}.',
  };
}
