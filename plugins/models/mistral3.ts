import { ConfigReader, type Config, type MultimodalLM } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { pixtralImages, pixtralModel } from './_pixtral.js';
import { HF_PLACES, textTraits } from './_text.js';
import { HF_FORMER_NAMES } from './_towers.js';

/** Mistral Small 3.1 and 3.2, Ministral 3. */
@model({
  family: 'mistral3',
  summary: "Mistral Small 3.1 and 3.2, Ministral 3: Pixtral's tower, squares of its patches merged",
  architectures: ['Mistral3ForConditionalGeneration'],
  model_types: ['mistral3'],
  media: ['image'],
  template: 'mistral_2503',
  former_names: HF_FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'mistral-small-3.1-24b-base-2503': {
      hf: 'mistralai/Mistral-Small-3.1-24B-Base-2503',
      ms: 'mistralai/Mistral-Small-3.1-24B-Base-2503',
      size: '24B',
    },
    'mistral-small-3.1-24b-instruct-2503': {
      hf: 'mistralai/Mistral-Small-3.1-24B-Instruct-2503',
      ms: 'mistralai/Mistral-Small-3.1-24B-Instruct-2503',
      size: '24B',
    },
    'mistral-small-3.2-24b-instruct-2506': {
      hf: 'mistralai/Mistral-Small-3.2-24B-Instruct-2506',
      ms: 'mistralai/Mistral-Small-3.2-24B-Instruct-2506',
      template: 'mistral_2506',
      size: '24B',
    },
    'ministral-3-3b-base-2512': {
      hf: 'mistralai/Ministral-3-3B-Base-2512',
      ms: 'mistralai/Ministral-3-3B-Base-2512',
      template: 'mistral_2512',
      size: '3B',
    },
    'ministral-3-3b-instruct-2512': {
      hf: 'mistralai/Ministral-3-3B-Instruct-2512',
      ms: 'mistralai/Ministral-3-3B-Instruct-2512',
      template: 'mistral_2512',
      size: '3B',
      codec: 'fp8',
    },
    'ministral-3-3b-instruct-2512-bf16': {
      hf: 'mistralai/Ministral-3-3B-Instruct-2512-BF16',
      ms: 'mistralai/Ministral-3-3B-Instruct-2512-BF16',
      template: 'mistral_2512',
      size: '3B',
    },
    'ministral-3-3b-reasoning-2512': {
      hf: 'mistralai/Ministral-3-3B-Reasoning-2512',
      ms: 'mistralai/Ministral-3-3B-Reasoning-2512',
      template: 'mistral_2512_thinking',
      size: '3B',
    },
    'ministral-3-8b-base-2512': {
      hf: 'mistralai/Ministral-3-8B-Base-2512',
      ms: 'mistralai/Ministral-3-8B-Base-2512',
      template: 'mistral_2512',
      size: '8B',
    },
    'ministral-3-8b-instruct-2512': {
      hf: 'mistralai/Ministral-3-8B-Instruct-2512',
      ms: 'mistralai/Ministral-3-8B-Instruct-2512',
      template: 'mistral_2512',
      size: '8B',
      codec: 'fp8',
    },
    'ministral-3-8b-instruct-2512-bf16': {
      hf: 'mistralai/Ministral-3-8B-Instruct-2512-BF16',
      ms: 'mistralai/Ministral-3-8B-Instruct-2512-BF16',
      template: 'mistral_2512',
      size: '8B',
    },
    'ministral-3-8b-reasoning-2512': {
      hf: 'mistralai/Ministral-3-8B-Reasoning-2512',
      ms: 'mistralai/Ministral-3-8B-Reasoning-2512',
      template: 'mistral_2512_thinking',
      size: '8B',
    },
    'ministral-3-14b-base-2512': {
      hf: 'mistralai/Ministral-3-14B-Base-2512',
      ms: 'mistralai/Ministral-3-14B-Base-2512',
      template: 'mistral_2512',
      size: '14B',
    },
    'ministral-3-14b-instruct-2512': {
      hf: 'mistralai/Ministral-3-14B-Instruct-2512',
      ms: 'mistralai/Ministral-3-14B-Instruct-2512',
      template: 'mistral_2512',
      size: '14B',
      codec: 'fp8',
    },
    'ministral-3-14b-instruct-2512-bf16': {
      hf: 'mistralai/Ministral-3-14B-Instruct-2512-BF16',
      ms: 'mistralai/Ministral-3-14B-Instruct-2512-BF16',
      template: 'mistral_2512',
      size: '14B',
    },
    'ministral-3-14b-reasoning-2512': {
      hf: 'mistralai/Ministral-3-14B-Reasoning-2512',
      ms: 'mistralai/Ministral-3-14B-Reasoning-2512',
      template: 'mistral_2512_thinking',
      size: '14B',
    },
  },
})
export class Mistral3 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits(reader.nested('text_config').config, HF_PLACES, config);
    return pixtralModel(text, reader, reader.count('spatial_merge_size', 2));
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    return { image: pixtralImages(reader, settings, reader.count('spatial_merge_size', 2)) };
  }
}
