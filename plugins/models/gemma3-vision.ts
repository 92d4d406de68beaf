import { ConfigReader, PoolProjector, MultimodalLM, TileTower, type Config } from 'swift-ts/nn';
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

const TEXT = { model_type: 'gemma3_text' };
const NAMES = { norm: 'mm_soft_emb_norm', projection: 'mm_input_projection_weight' };

/** Gemma 3 from 4B on (Gemma Team, 2025, arXiv 2503.19786). */
@model({
  family: 'gemma3_vision',
  summary: 'Gemma 3 that sees: SigLIP, means of patches, tokens of a picture seeing each other both ways',
  architectures: ['Gemma3ForConditionalGeneration'],
  model_types: ['gemma3'],
  media: ['image'],
  template: 'gemma3_vision',
  former_names: HF_FORMER_NAMES,
  ignored_tensors: POSITION_IDS,
  lora_target_modules: ['all-linear'],
  variants: {
    'gemma-3-4b-pt': { hf: 'google/gemma-3-4b-pt', ms: 'LLM-Research/gemma-3-4b-pt', size: '4B' },
    'gemma-3-4b-it': { hf: 'google/gemma-3-4b-it', ms: 'LLM-Research/gemma-3-4b-it', size: '4B' },
    'gemma-3-12b-pt': { hf: 'google/gemma-3-12b-pt', ms: 'LLM-Research/gemma-3-12b-pt', size: '12B' },
    'gemma-3-12b-it': { hf: 'google/gemma-3-12b-it', ms: 'LLM-Research/gemma-3-12b-it', size: '12B' },
    'gemma-3-27b-pt': { hf: 'google/gemma-3-27b-pt', ms: 'LLM-Research/gemma-3-27b-pt', size: '27B' },
    'gemma-3-27b-it': { hf: 'google/gemma-3-27b-it', ms: 'LLM-Research/gemma-3-27b-it', size: '27B' },
    'medgemma-4b-pt': { hf: 'google/medgemma-4b-pt', ms: 'google/medgemma-4b-pt', size: '4B' },
    'medgemma-4b-it': { hf: 'google/medgemma-4b-it', ms: 'google/medgemma-4b-it', size: '4B' },
    'medgemma-27b-it': { hf: 'google/medgemma-27b-it', ms: 'google/medgemma-27b-it', size: '27B' },
  },
})
export class Gemma3Vision implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const language = new ConfigReader({ ...TEXT, ...reader.nested('text_config').config });
    language.only('use_bidirectional_attention', false);
    const text = { ...textTraits(language.config, HF_PLACES, config), both_ways: 'media' } as const;
    const vision = siglipVit(visionOf(reader), { normed: true });
    const { width, eps, image_size, patch_size } = vision.size;
    const pool_size = image_size / patch_size / Math.sqrt(reader.count('mm_tokens_per_image', 256));
    if (!Number.isInteger(pool_size))
      throw reader.error('mm_tokens_per_image', `a square that divides (${image_size} / ${patch_size})²`);
    const size = { width, eps, pool_size, hidden_size: text.hidden_size };
    const connector = new PoolProjector(size, NAMES);
    const tower = new TileTower({ vision, connector, names: HF_TOWER });
    return new MultimodalLM({ text, tower, roles: HF_ROLES });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(settings);
    reader.only('do_pan_and_scan', false);
    const side = visionOf(new ConfigReader(config)).count('image_size', 224);
    const image = squashedImages(settings, side, {
      filter: 'bilinear',
      token: '<image_soft_token>',
      text: ({ features }) =>
        `\n\n<start_of_image>${'<image_soft_token>'.repeat(features)}<end_of_image>\n\n`,
    });
    return { image };
  }
}

function visionOf(reader: ConfigReader): ConfigReader {
  const vision = reader.nested('vision_config');
  vision.only('vision_use_head', false);
  return vision;
}
