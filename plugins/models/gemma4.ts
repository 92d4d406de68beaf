import { ConfigReader, JoinedTower, MultimodalLM, type Config } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { gemma4Images, gemma4Sounds, gemma4Videos } from './_gemma4-media.js';
import { gemma4Audio, gemma4Bands, GEMMA4_ROLES, gemma4Vision } from './_gemma4-towers.js';
import { HF_PLACES, textTraits } from './_text.js';

const TEXT = { model_type: 'gemma4_text' };

/** What layers that read keys and values of others hold in some checkpoints. */
export const UNUSED_KEYS = [/\.self_attn\.(k_proj|v_proj|k_norm|v_norm)\.weight$/];

/** Gemma 4, but for 12B, whose family is gemma4_unified. */
@model({
  family: 'gemma4',
  summary:
    'Gemma 4: pictures, videos and, in its small sizes, sounds; embeddings by layer, shared keys and values, or experts',
  architectures: ['Gemma4ForConditionalGeneration'],
  model_types: ['gemma4'],
  media: ['image', 'video', 'audio'],
  template: 'gemma4',
  ignored_tensors: UNUSED_KEYS,
  lora_target_modules: ['all-linear'],
  variants: {
    'gemma-4-e2b': { hf: 'google/gemma-4-E2B', ms: 'google/gemma-4-E2B', template: 'gemma4_nothinking' },
    'gemma-4-e2b-it': {
      hf: 'google/gemma-4-E2B-it',
      ms: 'google/gemma-4-E2B-it',
      template: 'gemma4_nothinking',
    },
    'gemma-4-e4b': { hf: 'google/gemma-4-E4B', ms: 'google/gemma-4-E4B', template: 'gemma4_nothinking' },
    'gemma-4-e4b-it': {
      hf: 'google/gemma-4-E4B-it',
      ms: 'google/gemma-4-E4B-it',
      template: 'gemma4_nothinking',
    },
    'gemma-4-31b': { hf: 'google/gemma-4-31B', ms: 'google/gemma-4-31B', size: '31B' },
    'gemma-4-31b-it': { hf: 'google/gemma-4-31B-it', ms: 'google/gemma-4-31B-it', size: '31B' },
    'gemma-4-26b-a4b': { hf: 'google/gemma-4-26B-A4B', ms: 'google/gemma-4-26B-A4B', size: '26B' },
    'gemma-4-26b-a4b-it': { hf: 'google/gemma-4-26B-A4B-it', ms: 'google/gemma-4-26B-A4B-it', size: '26B' },
  },
})
export class Gemma4 implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits({ ...TEXT, ...reader.nested('text_config').config }, HF_PLACES, config);
    const vision = gemma4Vision(visionOf(reader), text.hidden_size);
    const tower = reader.has('audio_config')
      ? new JoinedTower(vision, gemma4Audio(reader.nested('audio_config'), text.hidden_size), {
          vision: '',
          audio: '',
        })
      : vision;
    return new MultimodalLM({ text, tower, roles: GEMMA4_ROLES });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const vision = visionOf(reader);
    const patches = {
      patch_size: vision.count('patch_size', 16),
      merge_size: vision.count('pooling_kernel_size', 3),
      centred: true,
    };
    const hears = reader.has('audio_config');
    return {
      image: gemma4Images(settings, patches),
      video: gemma4Videos(settings, patches),
      ...(hears && { audio: gemma4Sounds(settings, gemma4Bands(reader.nested('audio_config'))) }),
    };
  }
}

function visionOf(reader: ConfigReader): ConfigReader {
  if (!reader.has('vision_config')) throw reader.error('vision_config', 'an object');
  return reader.nested('vision_config');
}
