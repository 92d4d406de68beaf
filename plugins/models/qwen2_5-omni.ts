import {
  AudioProjector,
  ConfigReader,
  DecoderLoader,
  Embedding,
  JoinedTower,
  Linear,
  MultimodalLM,
  WhisperStem,
  type Config,
  type Decoder,
  type DecoderTraits,
  type LinearLike,
  type Scope,
} from 'swift-ts/nn';
import type { Tensor } from 'swift-ts/graph';
import {
  model,
  secondsBetween,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import {
  OMNI_FORMER_NAMES,
  OMNI_IGNORED,
  OMNI_NAMES,
  OMNI_TOWERS,
  omniRoles,
  omniSounds,
  soundSize,
  soundTower,
  thinkerFields,
} from './_omni.js';
import { axesInTurn, patchSizes, qwenVlProcessor, qwenVlTraits, sectionsOf, wholeVideo } from './_qwen-vl.js';
import { windowedTower } from './_qwen2_5-vl.js';

const TOKENS = {
  image: '<|IMAGE|>',
  video: '<|VIDEO|>',
  start: '<|vision_bos|>',
  end: '<|vision_eos|>',
};

const SPLIT = { q_proj: 'q', k_proj: 'k', v_proj: 'v', out_proj: 'proj' };

/** States of the audio encoder whose mean is a feature. */
const POOL = 2;

/** Qwen2.5-Omni (Xu et al., 2025, arXiv 2503.20215), which sees, hears and writes: its thinker. */
@model({
  family: 'qwen2_5_omni',
  summary: 'Qwen2.5-Omni: pictures, videos and sounds; answers in text',
  architectures: ['Qwen2_5OmniForConditionalGeneration', 'Qwen2_5OmniModel'],
  model_types: ['qwen2_5_omni'],
  media: ['image', 'video', 'audio'],
  template: 'qwen2_5_omni',
  former_names: OMNI_FORMER_NAMES,
  ignored_tensors: OMNI_IGNORED,
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen2.5-omni-3b': { hf: 'Qwen/Qwen2.5-Omni-3B', ms: 'Qwen/Qwen2.5-Omni-3B', size: '3B' },
    'qwen2.5-omni-7b': { hf: 'Qwen/Qwen2.5-Omni-7B', ms: 'Qwen/Qwen2.5-Omni-7B', size: '7B' },
  },
})
export class Qwen25Omni extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(thinkerFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...qwenVlTraits(reader), names: OMNI_NAMES };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const vision = reader.nested('vision_config');
    const audio = reader.nested('audio_config');
    const size = soundSize(audio, { n_window: 100, key_bias: false, pool: POOL });
    audio.only('output_dim', text.hidden_size);
    const tower = new JoinedTower(
      windowedTower(vision, text, SPLIT),
      soundTower(size, new WhisperStem(size.bands, size.width), new Projection(size.width, text.hidden_size)),
      OMNI_TOWERS,
    );
    const each = reader.number('position_id_per_seconds', 25);
    const mrope = {
      axes: axesInTurn(sectionsOf(reader, text)),
      merge_size: patchSizes(vision).merge_size,
      // In float32, as Transformers does: what is a whole number there decides.
      frame: (frame: number, seconds: number): number =>
        Math.floor(Math.fround(Math.fround(frame * Math.fround(seconds)) * each)),
      resumes: 'behind-all',
    } as const;
    return new MultimodalLM({ text, tower, roles: omniRoles(['visual.merger', 'audio_tower.proj']), mrope });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const thinker = thinkerFields(config);
    const audio = new ConfigReader(thinker).nested('audio_config');
    const chunk = new ConfigReader(settings).count('chunk_length', 300) * 16_000;
    return {
      ...qwenVlProcessor(thinker, settings, {
        tokens: TOKENS,
        video: { text: wholeVideo(TOKENS), seconds: secondsBetween },
        pixel_boxes: true,
      }),
      audio: omniSounds(settings, {
        bands: audio.count('num_mel_bins', 128),
        length: chunk,
        least: 2 * POOL - 1,
        token: '<|AUDIO|>',
        text: ({ features }) => `<|audio_bos|>${'<|AUDIO|>'.repeat(features)}<|audio_eos|>`,
      }),
    };
  }
}

/** Each state by one layer; beside it the files keep two rows that nothing reads. */
class Projection extends AudioProjector {
  readonly states = 1;
  proj: LinearLike;
  readonly audio_bos_eos_token: Embedding;

  constructor(width: number, hidden_size: number) {
    super();
    this.proj = new Linear(width, hidden_size, { bias: true });
    this.audio_bos_eos_token = new Embedding(2, hidden_size);
    this.audio_bos_eos_token.weight.idle = true;
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    return this.proj.forward(scope, heard);
  }
}
