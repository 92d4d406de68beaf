import {
  ConfigReader,
  DecoderLoader,
  HalvingStem,
  MlpAudioProjector,
  MultimodalLM,
  type Config,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { omniSounds, QWEN3_SOUND, qwen3SoundText, soundSize, soundTower } from './_omni.js';
import { qwen3Traits } from './_qwen.js';
import { plainRope, withTextFields } from './_qwen-vl.js';

const TOWER = 'model.audio_tower';
const ALIGNER = 'model.multi_modal_projector';

/** In the files that Qwen publishes. */
const FORMER_NAMES = [
  [/^thinker\.audio_tower\.proj1\./, `${ALIGNER}.linear_1.`],
  [/^thinker\.audio_tower\.proj2\./, `${ALIGNER}.linear_2.`],
  [/^thinker\.audio_tower\./, `${TOWER}.`],
  [/^thinker\.lm_head\./, 'lm_head.'],
  [/^thinker\.model\./, 'model.language_model.'],
] as const;

/** Qwen3-ASR (Qwen, 2026): Qwen3-Omni's audio encoder before Qwen3. */
@model({
  family: 'qwen3_asr',
  summary: 'Qwen3-ASR: sounds of any length',
  architectures: ['Qwen3ASRForConditionalGeneration'],
  model_types: ['qwen3_asr'],
  media: ['audio'],
  template: 'qwen3_asr',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen3-asr-1.7b': { hf: 'Qwen/Qwen3-ASR-1.7B', ms: 'Qwen/Qwen3-ASR-1.7B', size: '1.7B' },
    'qwen3-asr-0.6b': { hf: 'Qwen/Qwen3-ASR-0.6B', ms: 'Qwen/Qwen3-ASR-0.6B', size: '0.6B' },
  },
})
export class Qwen3Asr extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(fields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    // Sounds advance as text does, on all axes together: these are one.
    return { ...qwen3Traits(plainRope(reader)), names: { model: 'model.language_model', tower: '' } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const audio = reader.nested('audio_config');
    const size = soundSize(audio, QWEN3_SOUND);
    audio.only('output_dim', text.hidden_size);
    const stem = new HalvingStem(size.bands, audio.count('downsample_hidden_size', 480), size.width);
    const projector = new MlpAudioProjector(size.width, text.hidden_size, size.activation);
    return new MultimodalLM({
      text,
      tower: soundTower(size, stem, projector, [TOWER, ALIGNER]),
      roles: [
        [TOWER, 'vit'],
        [ALIGNER, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const audio = new ConfigReader(fields(config)).nested('audio_config');
    return { audio: omniSounds(settings, { bands: audio.count('num_mel_bins', 128), ...qwen3SoundText }) };
  }
}

/** Of files by Qwen, where a thinker holds them, and of those in Transformers' own layout. */
function fields({ thinker_config, ...config }: Config): Config {
  return withTextFields((thinker_config as Config | undefined) ?? { tie_word_embeddings: true, ...config });
}
