import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** OpenBuddy fine-tunes of Llama. */
@model({
  family: 'openbuddy-llama',
  summary: 'OpenBuddy fine-tunes of Llama',
  architectures: [],
  same_architecture_as: 'llama',
  template: 'openbuddy',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'openbuddy-llama2-13b-chat': {
      hf: 'OpenBuddy/openbuddy-llama2-13b-v8.1-fp16',
      ms: 'OpenBuddy/openbuddy-llama2-13b-v8.1-fp16',
      size: '13B',
    },
    'openbuddy-llama3-8b-chat': {
      hf: 'OpenBuddy/openbuddy-llama3-8b-v21.1-8k',
      ms: 'OpenBuddy/openbuddy-llama3-8b-v21.1-8k',
      template: 'openbuddy2',
      size: '8B',
    },
    'openbuddy-llama3-70b-chat': {
      hf: 'OpenBuddy/openbuddy-llama3-70b-v21.1-8k',
      ms: 'OpenBuddy/openbuddy-llama3-70b-v21.1-8k',
      template: 'openbuddy2',
      size: '70B',
    },
    'openbuddy-llama-65b-chat': {
      hf: 'OpenBuddy/openbuddy-llama-65b-v8-bf16',
      ms: 'OpenBuddy/openbuddy-llama-65b-v8-bf16',
      size: '65B',
    },
    'openbuddy-llama2-70b-chat': {
      hf: 'OpenBuddy/openbuddy-llama2-70b-v10.1-bf16',
      ms: 'OpenBuddy/openbuddy-llama2-70b-v10.1-bf16',
      size: '70B',
    },
    'openbuddy-deepseek-67b-chat': {
      hf: 'OpenBuddy/openbuddy-deepseek-67b-v15.2',
      ms: 'OpenBuddy/openbuddy-deepseek-67b-v15.2',
      size: '67B',
    },
    'openbuddy-llama3_1-8b-chat': {
      hf: 'OpenBuddy/openbuddy-llama3.1-8b-v22.1-131k',
      ms: 'OpenBuddy/openbuddy-llama3.1-8b-v22.1-131k',
      template: 'openbuddy2',
      size: '8B',
    },
    'openbuddy-yi1.5-34b-v21.3-32k': {
      hf: 'OpenBuddy/openbuddy-yi1.5-34b-v21.3-32k',
      ms: 'OpenBuddy/openbuddy-yi1.5-34b-v21.3-32k',
      template: 'openbuddy2',
      size: '34B',
    },
    'openbuddy-nemotron-70b-v23.2-131k': {
      hf: 'OpenBuddy/openbuddy-nemotron-70b-v23.2-131k',
      ms: 'OpenBuddy/openbuddy-nemotron-70b-v23.2-131k',
      template: 'openbuddy2',
      size: '70B',
    },
    'openbuddy-llama3.3-70b-v24.3-131k': {
      hf: 'OpenBuddy/openbuddy-llama3.3-70b-v24.3-131k',
      ms: 'OpenBuddy/openbuddy-llama3.3-70b-v24.3-131k',
      template: 'openbuddy2',
      size: '70B',
    },
  },
})
export class OpenBuddyLlama extends DecoderLoader implements ModelLoader {}
