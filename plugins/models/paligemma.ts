import { ConfigReader, LinearProjector, MultimodalLM, TileTower, type Config } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { squashedImages } from './_image-settings.js';
import { POSITION_IDS } from './_llava.js';
import { HF_PLACES, textTraits } from './_text.js';
import { HF_FORMER_NAMES, HF_ROLES, HF_TOWER, siglipVit } from './_towers.js';

/** What config.json leaves out of its parts. */
const VISION = {
  model_type: 'siglip_vision_model',
  hidden_size: 1152,
  intermediate_size: 4304,
  num_hidden_layers: 27,
  num_attention_heads: 16,
  patch_size: 14,
};
const TEXT = { model_type: 'gemma' };

/** PaliGemma (Beyer et al., 2024, arXiv 2407.07726) and its second generation (Steiner et al., 2024, arXiv 2412.03555). */
@model({
  family: 'paligemma',
  summary: 'PaliGemma 1 and 2: SigLIP, one layer, Gemma whose question sees itself both ways',
  architectures: ['PaliGemmaForConditionalGeneration'],
  model_types: ['paligemma'],
  media: ['image'],
  template: 'paligemma',
  former_names: HF_FORMER_NAMES,
  ignored_tensors: POSITION_IDS,
  lora_target_modules: ['all-linear'],
  variants: {
    'paligemma-3b-pt-224': {
      hf: 'google/paligemma-3b-pt-224',
      ms: 'AI-ModelScope/paligemma-3b-pt-224',
      size: '3B',
    },
    'paligemma-3b-pt-448': {
      hf: 'google/paligemma-3b-pt-448',
      ms: 'AI-ModelScope/paligemma-3b-pt-448',
      size: '3B',
    },
    'paligemma-3b-pt-896': {
      hf: 'google/paligemma-3b-pt-896',
      ms: 'AI-ModelScope/paligemma-3b-pt-896',
      size: '3B',
    },
    'paligemma-3b-mix-224': {
      hf: 'google/paligemma-3b-mix-224',
      ms: 'AI-ModelScope/paligemma-3b-mix-224',
      size: '3B',
    },
    'paligemma-3b-mix-448': {
      hf: 'google/paligemma-3b-mix-448',
      ms: 'AI-ModelScope/paligemma-3b-mix-448',
      size: '3B',
    },
    'paligemma2-3b-pt-224': {
      hf: 'google/paligemma2-3b-pt-224',
      ms: 'AI-ModelScope/paligemma2-3b-pt-224',
      size: '3B',
    },
    'paligemma2-3b-pt-448': {
      hf: 'google/paligemma2-3b-pt-448',
      ms: 'AI-ModelScope/paligemma2-3b-pt-448',
      size: '3B',
    },
    'paligemma2-3b-pt-896': {
      hf: 'google/paligemma2-3b-pt-896',
      ms: 'AI-ModelScope/paligemma2-3b-pt-896',
      size: '3B',
    },
    'paligemma2-10b-pt-224': {
      hf: 'google/paligemma2-10b-pt-224',
      ms: 'AI-ModelScope/paligemma2-10b-pt-224',
      size: '10B',
    },
    'paligemma2-10b-pt-448': {
      hf: 'google/paligemma2-10b-pt-448',
      ms: 'AI-ModelScope/paligemma2-10b-pt-448',
      size: '10B',
    },
    'paligemma2-10b-pt-896': {
      hf: 'google/paligemma2-10b-pt-896',
      ms: 'AI-ModelScope/paligemma2-10b-pt-896',
      size: '10B',
    },
    'paligemma2-28b-pt-224': {
      hf: 'google/paligemma2-28b-pt-224',
      ms: 'AI-ModelScope/paligemma2-28b-pt-224',
      size: '28B',
    },
    'paligemma2-28b-pt-448': {
      hf: 'google/paligemma2-28b-pt-448',
      ms: 'AI-ModelScope/paligemma2-28b-pt-448',
      size: '28B',
    },
    'paligemma2-28b-pt-896': {
      hf: 'google/paligemma2-28b-pt-896',
      ms: 'AI-ModelScope/paligemma2-28b-pt-896',
      size: '28B',
    },
    'paligemma2-3b-ft-docci-448': {
      hf: 'google/paligemma2-3b-ft-docci-448',
      ms: 'AI-ModelScope/paligemma2-3b-ft-docci-448',
      size: '3B',
    },
    'paligemma2-10b-ft-docci-448': {
      hf: 'google/paligemma2-10b-ft-docci-448',
      ms: 'AI-ModelScope/paligemma2-10b-ft-docci-448',
      size: '10B',
    },
  },
})
export class PaliGemma implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const language = new ConfigReader({ ...TEXT, ...reader.nested('text_config').config });
    language.only('use_bidirectional_attention', true);
    const { config: fields } = language.with({ use_bidirectional_attention: undefined });
    const text = { ...textTraits(fields, HF_PLACES, config), both_ways: 'prefix' } as const;
    const vision = siglipVit(visionOf(config), { normed: true });
    reader.only('projection_dim', text.hidden_size);
    const connector = new LinearProjector({ width: vision.size.width, hidden_size: text.hidden_size });
    const tower = new TileTower({ vision, connector, names: HF_TOWER });
    return new MultimodalLM({ text, tower, roles: HF_ROLES });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const image = squashedImages(settings, visionOf(config).count('image_size', 224), {
      filter: 'bicubic',
      token: '<image>',
      text: ({ features }) => `${'<image>'.repeat(features)}<bos>`,
    });
    return { image };
  }
}

function visionOf(config: ModelConfig): ConfigReader {
  const vision = new ConfigReader({ ...VISION, ...new ConfigReader(config).nested('vision_config').config });
  vision.only('vision_use_head', false);
  return vision;
}
