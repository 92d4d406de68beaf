import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { gemma2Traits } from './_gemma.js';

/** Reward models on Gemma 2, of Skywork. */
@model({
  family: 'gemma_reward',
  summary: 'Reward models on Gemma 2, of Skywork',
  architectures: [],
  same_architecture_as: 'gemma2',
  template: 'gemma',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'skywork-reward-gemma-2-27b': {
      hf: 'Skywork/Skywork-Reward-Gemma-2-27B',
      ms: 'AI-ModelScope/Skywork-Reward-Gemma-2-27B',
      size: '27B',
    },
    'skywork-reward-gemma-2-27b-v0.2': {
      hf: 'Skywork/Skywork-Reward-Gemma-2-27B-v0.2',
      ms: 'AI-ModelScope/Skywork-Reward-Gemma-2-27B-v0.2',
      size: '27B',
    },
  },
})
export class GemmaReward extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return gemma2Traits(reader);
  }
}
