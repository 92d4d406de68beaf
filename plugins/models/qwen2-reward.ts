import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { qwen2Traits, qwenScore } from './_qwen.js';

/** Reward models of Qwen2-Math and Qwen2.5-Math: two layers score a conversation. */
@model({
  family: 'qwen2_reward',
  summary: 'Reward models of Qwen2-Math and Qwen2.5-Math: two layers score a conversation',
  architectures: ['Qwen2ForRewardModel'],
  template: 'qwen2_5_math',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'qwen2-math-rm-72b': {
      hf: 'Qwen/Qwen2-Math-RM-72B',
      ms: 'Qwen/Qwen2-Math-RM-72B',
      template: 'qwen',
      size: '72B',
    },
    'qwen2.5-math-rm-72b': { hf: 'Qwen/Qwen2.5-Math-RM-72B', ms: 'Qwen/Qwen2.5-Math-RM-72B', size: '72B' },
  },
})
export class Qwen2Reward extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...qwen2Traits(reader), wordless: true, score: qwenScore(reader) };
  }
}
