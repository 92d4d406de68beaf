import { SpecTemplate, template } from 'swift-ts/plugin';
import { QWEN } from './_chatml.js';

/**
 * https://huggingface.co/Qwen/Qwen2.5-Math-1.5B-Instruct/blob/main/tokenizer_config.json
 * qwen2_5_math_prm: https://huggingface.co/Qwen/Qwen2.5-Math-PRM-7B/blob/main/tokenizer_config.json
 */
@template({
  id: 'qwen2_5_math',
  agent: 'hermes',
  summary: 'ChatML of Qwen2.5-Math',
  also: { qwen2_5_math_prm: 'ChatML of the process reward model of Qwen2.5-Math' },
})
export class Qwen2_5Math extends SpecTemplate {
  readonly spec = {
    ...QWEN,
    default_system: 'Please reason step by step, and put your final answer within \\boxed{}.',
  };
}
