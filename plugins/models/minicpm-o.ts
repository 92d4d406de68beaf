import {
  ConfigReader,
  JoinedTower,
  MeanAudioProjector,
  MultimodalLM,
  WhisperEncoder,
  WhisperTower,
  type Config,
  type WhisperSize,
} from 'swift-ts/nn';
import {
  model,
  WhisperSounds,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { slicedMedia, slices, TOKEN } from './_minicpm-v.js';
import { whisperMel, whisperSize } from './_whisper.js';

/** Whose config.json may leave it out. */
const VERSION = 2.6;
/** States of the encoder in a second. */
const RATE = 50;

/**
 * MiniCPM-o (Yao et al., 2024, arXiv 2408.01800): MiniCPM-V that hears, sounds of up to 30 seconds. It answers in text; the part that speaks these
 * answers takes no part here.
 */
@model({
  family: 'minicpmo',
  summary: 'MiniCPM-o: slices of pictures by learned queries, sounds by the encoder of Whisper',
  architectures: ['MiniCPMO'],
  model_types: ['minicpmo'],
  media: ['image', 'video', 'audio'],
  template: 'minicpmo',
  ignored_tensors: [/^tts\./],
  lora_target_modules: ['all-linear'],
  variants: {
    'minicpm-o-2_6': { hf: 'openbmb/MiniCPM-o-2_6', ms: 'OpenBMB/MiniCPM-o-2_6' },
    'minicpm-o-4_5': {
      hf: 'openbmb/MiniCPM-o-4_5',
      ms: 'OpenBMB/MiniCPM-o-4_5',
      template: 'minicpmo4_5',
    },
  },
})
export class MiniCpmO implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const { text, tower, roles } = slices({ version: VERSION, ...config });
    const size = soundSize(reader);
    const projector = new MeanAudioProjector(poolOf(reader), {
      width: size.width,
      hidden_size: text.hidden_size,
    });
    const names = { audio: 'apm', projector: 'audio_projection_layer' };
    return new MultimodalLM({
      text,
      tower: new JoinedTower(tower, new WhisperTower(new WhisperEncoder(size), projector, names), {
        vision: '',
        audio: '',
      }),
      roles: [...roles, [names.audio, 'vit'], [names.projector, 'aligner']],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    return {
      ...slicedMedia({ version: VERSION, ...config }, settings),
      audio: new WhisperSounds({
        ...whisperMel(settings, soundSize(reader)),
        token: TOKEN,
        text: ({ features }) => `<|audio_start|>${TOKEN.repeat(features)}<|audio_end|>`,
        least: 2 * poolOf(reader) - 1,
        whole: false,
        behind: 0,
        refuses_longer: true,
      }),
    };
  }
}

/** States whose mean is a feature. */
const poolOf = (reader: ConfigReader): number => reader.count('audio_pool_step', 2);

function soundSize(reader: ConfigReader): WhisperSize {
  const seconds = reader.number('audio_chunk_length', 1);
  const stretch = seconds > 0 ? Math.trunc(seconds * RATE) : undefined;
  return { ...whisperSize(reader.nested('audio_config'), 1), ends: true, stretch };
}
