import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { qwen2Traits, qwenScore } from './_qwen.js';

/** Process reward models of Qwen2.5-Math: two scores at each `<extra_0>`, which ends a step of an answer. */
@model({
  family: 'qwen2_5_prm',
  summary: 'Process reward models of Qwen2.5-Math: how likely each step of an answer is right',
  architectures: ['Qwen2ForProcessRewardModel'],
  template: 'qwen2_5_math_prm',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'qwen2.5-math-prm-7b': { hf: 'Qwen/Qwen2.5-Math-PRM-7B', ms: 'Qwen/Qwen2.5-Math-PRM-7B', size: '7B' },
    'qwen2.5-math-7b-prm800k': {
      hf: 'Qwen/Qwen2.5-Math-7B-PRM800K',
      ms: 'Qwen/Qwen2.5-Math-7B-PRM800K',
      size: '7B',
    },
    'qwen2.5-math-prm-72b': { hf: 'Qwen/Qwen2.5-Math-PRM-72B', ms: 'Qwen/Qwen2.5-Math-PRM-72B', size: '72B' },
  },
})
export class Qwen2_5Prm extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return {
      ...qwen2Traits(reader),
      wordless: true,
      reads: { token: '<extra_0>' },
      score: qwenScore(reader),
    };
  }
}
