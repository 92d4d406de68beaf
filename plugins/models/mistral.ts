import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { mistralTraits } from './_mistral.js';

/** Mistral of Mistral AI and its fine-tunes: a sliding window in the first ones. */
@model({
  family: 'mistral',
  summary: 'Mistral of Mistral AI and its fine-tunes: a sliding window in the first ones',
  architectures: ['MistralForCausalLM'],
  model_types: ['mistral'],
  template: 'llama',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'mistral-nemo-base-2407': {
      hf: 'mistralai/Mistral-Nemo-Base-2407',
      ms: 'AI-ModelScope/Mistral-Nemo-Base-2407',
      template: 'default-generation',
    },
    'mistral-nemo-instruct-2407': {
      hf: 'mistralai/Mistral-Nemo-Instruct-2407',
      ms: 'AI-ModelScope/Mistral-Nemo-Instruct-2407',
      template: 'mistral-nemo',
    },
    'mistral-small-instruct-2409': {
      hf: 'mistralai/Mistral-Small-Instruct-2409',
      ms: 'AI-ModelScope/Mistral-Small-Instruct-2409',
      template: 'mistral-nemo',
    },
    'mistral-large-instruct-2407': {
      hf: 'mistralai/Mistral-Large-Instruct-2407',
      ms: 'LLM-Research/Mistral-Large-Instruct-2407',
      template: 'mistral-nemo',
    },
    'mistral-7b-v2': {
      hf: 'alpindale/Mistral-7B-v0.2-hf',
      ms: 'AI-ModelScope/Mistral-7B-v0.2-hf',
      template: 'default-generation',
      size: '7B',
    },
    'codestral-22b': {
      hf: 'mistralai/Codestral-22B-v0.1',
      ms: 'swift/Codestral-22B-v0.1',
      template: 'default-generation',
      size: '22B',
    },
    'mistral-7b': {
      hf: 'mistralai/Mistral-7B-v0.1',
      ms: 'AI-ModelScope/Mistral-7B-v0.1',
      template: 'default-generation',
      size: '7B',
    },
    'mistral-7b-instruct-v3': {
      hf: 'mistralai/Mistral-7B-Instruct-v0.3',
      ms: 'LLM-Research/Mistral-7B-Instruct-v0.3',
      size: '7B',
    },
    'mistral-7b-instruct-v2': {
      hf: 'mistralai/Mistral-7B-Instruct-v0.2',
      ms: 'AI-ModelScope/Mistral-7B-Instruct-v0.2',
      size: '7B',
    },
    'mistral-7b-instruct': {
      hf: 'mistralai/Mistral-7B-Instruct-v0.1',
      ms: 'AI-ModelScope/Mistral-7B-Instruct-v0.1',
      size: '7B',
    },
    'openbuddy-mistral-7b-chat': {
      hf: 'OpenBuddy/openbuddy-mistral-7b-v17.1-32k',
      ms: 'OpenBuddy/openbuddy-mistral-7b-v17.1-32k',
      template: 'openbuddy',
      size: '7B',
    },
    'zephyr-7b-beta-chat': {
      hf: 'HuggingFaceH4/zephyr-7b-beta',
      ms: 'modelscope/zephyr-7b-beta',
      template: 'zephyr',
      size: '7B',
    },
    'openbuddy-zephyr-7b-chat': {
      hf: 'OpenBuddy/openbuddy-zephyr-7b-v14.1',
      ms: 'OpenBuddy/openbuddy-zephyr-7b-v14.1',
      template: 'openbuddy',
      size: '7B',
    },
    'wizardlm2-7b-awq': {
      hf: 'MaziyarPanahi/WizardLM-2-7B-AWQ',
      ms: 'AI-ModelScope/WizardLM-2-7B-AWQ',
      template: 'wizardlm2-awq',
      size: '7B',
      codec: 'awq',
    },
    'ministral-8b-instruct-2410': {
      hf: 'mistralai/Ministral-8B-Instruct-2410',
      ms: 'AI-ModelScope/Ministral-8B-Instruct-2410',
      template: 'mistral_nemo',
      size: '8B',
    },
    'mistral-small-24b-base-2501': {
      hf: 'mistralai/Mistral-Small-24B-Base-2501',
      ms: 'mistralai/Mistral-Small-24B-Base-2501',
      template: 'mistral_2501',
      size: '24B',
    },
    'mistral-small-24b-instruct-2501': {
      hf: 'mistralai/Mistral-Small-24B-Instruct-2501',
      ms: 'mistralai/Mistral-Small-24B-Instruct-2501',
      template: 'mistral_2501',
      size: '24B',
    },
    'devstral-small-2505': {
      hf: 'mistralai/Devstral-Small-2505',
      ms: 'mistralai/Devstral-Small-2505',
      template: 'devstral',
    },
  },
})
export class Mistral extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return mistralTraits(reader);
  }
}
