import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** Reward models on Llama 3.1 and 3.2. */
@model({
  family: 'llama3_2_reward',
  summary: 'Reward models on Llama 3.1 and 3.2',
  architectures: [],
  same_architecture_as: 'llama',
  template: 'llama3_2',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'skywork-reward-llama-3.1-8b': {
      hf: 'Skywork/Skywork-Reward-Llama-3.1-8B',
      ms: 'AI-ModelScope/Skywork-Reward-Llama-3.1-8B',
      size: '8B',
    },
    'skywork-reward-llama-3.1-8b-v0.2': {
      hf: 'Skywork/Skywork-Reward-Llama-3.1-8B-v0.2',
      ms: 'AI-ModelScope/Skywork-Reward-Llama-3.1-8B-v0.2',
      size: '8B',
    },
    'grm_llama3.1_8b_rewardmodel-ft': {
      hf: 'Ray2333/GRM_Llama3.1_8B_rewardmodel-ft',
      ms: 'AI-ModelScope/GRM_Llama3.1_8B_rewardmodel-ft',
      size: '8B',
    },
    'grm-llama3.2-3b-rewardmodel-ft': {
      hf: 'Ray2333/GRM-llama3.2-3B-rewardmodel-ft',
      ms: 'AI-ModelScope/GRM-llama3.2-3B-rewardmodel-ft',
      size: '3B',
    },
  },
})
export class Llama3_2Reward extends DecoderLoader implements ModelLoader {}
