import {
  ConfigReader,
  DecoderLoader,
  HalvingStem,
  JoinedTower,
  MlpAudioProjector,
  MultimodalLM,
  type Config,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  secondsBetween,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { sparseLayers } from './_mixture.js';
import {
  OMNI_FORMER_NAMES,
  OMNI_IGNORED,
  OMNI_NAMES,
  OMNI_TOWERS,
  omniRoles,
  omniSounds,
  QWEN3_SOUND,
  qwen3SoundText,
  soundSize,
  soundTower,
  thinkerFields,
} from './_omni.js';
import { patchSizes, qwenVlProcessor, wholeVideo } from './_qwen-vl.js';
import { interleavedAxes, qwen3Tower, qwen3VlTraits } from './_qwen3-vl.js';

const ALIGNERS = ['visual.merger', 'visual.merger_list', 'audio_tower.proj1', 'audio_tower.proj2'];

/** Qwen3-Omni (Xu et al., 2025, arXiv 2509.17765), which sees, hears and writes: its thinker. */
@model({
  family: 'qwen3_omni_moe',
  summary: 'Qwen3-Omni: pictures, videos and sounds, mixtures of experts; answers in text',
  architectures: ['Qwen3OmniMoeForConditionalGeneration'],
  model_types: ['qwen3_omni_moe'],
  media: ['image', 'video', 'audio'],
  template: 'qwen3_omni',
  former_names: OMNI_FORMER_NAMES,
  ignored_tensors: OMNI_IGNORED,
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen3-omni-30b-a3b-instruct': {
      hf: 'Qwen/Qwen3-Omni-30B-A3B-Instruct',
      ms: 'Qwen/Qwen3-Omni-30B-A3B-Instruct',
      size: '30B',
    },
    'qwen3-omni-30b-a3b-thinking': {
      hf: 'Qwen/Qwen3-Omni-30B-A3B-Thinking',
      ms: 'Qwen/Qwen3-Omni-30B-A3B-Thinking',
      size: '30B',
    },
    'qwen3-omni-30b-a3b-captioner': {
      hf: 'Qwen/Qwen3-Omni-30B-A3B-Captioner',
      ms: 'Qwen/Qwen3-Omni-30B-A3B-Captioner',
      size: '30B',
    },
  },
})
export class Qwen3OmniMoe extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(thinkerFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('norm_topk_prob', true);
    const defaults = { num_key_value_heads: 4, max_position_embeddings: 32_768, rope_theta: 1_000_000 };
    const traits = qwen3VlTraits(reader, defaults);
    const parts = {
      num_experts: reader.count('num_experts', 128),
      intermediate_size: reader.count('moe_intermediate_size', 768),
    };
    return { ...traits, names: OMNI_NAMES, feedForward: sparseLayers(reader, traits, parts, true) };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const vision = reader.nested('vision_config');
    const audio = reader.nested('audio_config');
    const size = soundSize(audio, QWEN3_SOUND);
    audio.only('output_dim', text.hidden_size);
    const names = { linear_1: 'proj1', linear_2: 'proj2' };
    const stem = new HalvingStem(size.bands, audio.count('downsample_hidden_size', 480), size.width);
    const projector = new MlpAudioProjector(size.width, text.hidden_size, size.activation, names);
    const tower = new JoinedTower(
      qwen3Tower(vision, text, {
        names: { deepstack_merger_list: 'merger_list' },
        mergers: { norm: 'ln_q', up: 'mlp.0', down: 'mlp.2' },
      }),
      soundTower(size, stem, projector),
      OMNI_TOWERS,
    );
    const each = reader.number('position_id_per_seconds', 25);
    const mrope = {
      axes: interleavedAxes(reader, text),
      merge_size: patchSizes(vision, 16).merge_size,
      frame: (frame: number, seconds: number): number =>
        Math.fround(Math.fround(frame * Math.fround(seconds)) * each),
      resumes: 'behind-all',
    } as const;
    return new MultimodalLM({ text, tower, roles: omniRoles(ALIGNERS), mrope });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const thinker = thinkerFields(config);
    const audio = new ConfigReader(thinker).nested('audio_config');
    return {
      ...qwenVlProcessor(thinker, settings, {
        patch_size: 16,
        video: { text: wholeVideo(), seconds: secondsBetween },
      }),
      audio: omniSounds(settings, { bands: audio.count('num_mel_bins', 128), ...qwen3SoundText }),
    };
  }
}
