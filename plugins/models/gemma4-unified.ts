import { ConfigReader, JoinedTower, MultimodalLM, type Config } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { gemma4Images, gemma4Videos, soundText, SOUND } from './_gemma4-media.js';
import { EmbeddedPatches, EmbeddedSamples, RawSounds } from './_gemma4-unified.js';
import { HF_PLACES, textTraits } from './_text.js';

const TEXT = { model_type: 'gemma4_unified_text' };
const [VISION, AUDIO] = ['model.embed_vision', 'model.embed_audio'];

/** As in published files. */
const FORMER_NAMES = [
  [/^model\.vision_embedder\./, 'model.embed_vision.'],
  [
    /^model\.embed_vision\.embedding_projection\./,
    'model.embed_vision.multimodal_embedder.embedding_projection.',
  ],
] as const;

/** Gemma 4 12B: no towers. */
@model({
  family: 'gemma4_unified',
  summary:
    'Gemma 4 12B: patches of pictures and samples of sounds go into the language model without a tower',
  architectures: ['Gemma4UnifiedForConditionalGeneration'],
  model_types: ['gemma4_unified'],
  media: ['image', 'video', 'audio'],
  template: 'gemma4',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'gemma-4-12b': { hf: 'google/gemma-4-12B', ms: 'google/gemma-4-12B', size: '12B' },
    'gemma-4-12b-it': { hf: 'google/gemma-4-12B-it', ms: 'google/gemma-4-12B-it', size: '12B' },
  },
})
export class Gemma4Unified implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const text = textTraits({ ...TEXT, ...reader.nested('text_config').config }, HF_PLACES, config);
    const { hidden_size } = text;
    const vision = partOf(reader, 'vision_config', 'gemma4_unified_vision');
    const audio = partOf(reader, 'audio_config', 'gemma4_unified_audio');
    const width = vision.count('mm_embed_dim', 3840);
    vision.only('output_proj_dims', width);
    const seeing = new EmbeddedPatches(
      {
        ...{ width, hidden_size },
        patch_size: sideOf(vision),
        side: vision.count('mm_posemb_size', 1120),
        eps: vision.number('rms_norm_eps', 1e-6),
      },
      VISION,
    );
    const eps = audio.number('rms_norm_eps', 1e-6);
    const hearing = new EmbeddedSamples(audio.count('audio_embed_dim', 640), { hidden_size, eps }, AUDIO);
    return new MultimodalLM({
      text,
      tower: new JoinedTower(seeing, hearing, { vision: '', audio: '' }),
      roles: [
        [VISION, 'vit'],
        [`${VISION}.multimodal_embedder`, 'aligner'],
        [AUDIO, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const vision = partOf(reader, 'vision_config', 'gemma4_unified_vision');
    const audio = partOf(reader, 'audio_config', 'gemma4_unified_audio');
    const samples = audio.count('audio_embed_dim', 640);
    const heard = new ConfigReader(settings).nested('feature_extractor');
    heard.only('padding_value', 0);
    for (const field of ['feature_size', 'audio_samples_per_token']) heard.only(field, samples);
    const patches = { patch_size: sideOf(vision), merge_size: 1 };
    return {
      image: gemma4Images(settings, patches),
      video: gemma4Videos(settings, patches),
      audio: new RawSounds({
        samples,
        rate: heard.count('sampling_rate', 16_000),
        token: SOUND,
        text: soundText,
      }),
    };
  }
}

function partOf(reader: ConfigReader, field: string, model_type: string): ConfigReader {
  if (!reader.has(field)) throw reader.error(field, 'an object');
  const part = reader.nested(field);
  part.only('model_type', model_type);
  return part;
}

/** Side of what becomes a feature, in pixels. */
function sideOf(vision: ConfigReader): number {
  const side = vision.count('patch_size', 16) * vision.count('pooling_kernel_size', 3);
  vision.only('model_patch_size', side);
  return side;
}
