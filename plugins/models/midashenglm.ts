import {
  ACTIVATIONS,
  ConfigReader,
  DashengEncoder,
  DashengProjector,
  DashengTower,
  MultimodalLM,
  type Config,
  type DashengSize,
} from 'swift-ts/nn';
import {
  DashengSounds,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { textTraits } from './_text.js';

const TOKEN = '<|AUDIO|>';

/** MiDashengLM (Dinkel et al., 2025, arXiv 2508.03983): Dasheng, two layers over five states, Qwen2.5. https://huggingface.co/mispeech/midashenglm-7b */
@model({
  family: 'midashenglm',
  summary: 'MiDashengLM: sounds of any length, in pieces of ten seconds',
  architectures: ['MiDashengLMModel'],
  model_types: ['midashenglm'],
  media: ['audio'],
  template: 'midashenglm',
  ignored_tensors: [/^audio_encoder\.init_bn\.num_batches_tracked$/],
  lora_target_modules: ['all-linear'],
  variants: {
    'midashenglm-7b': { hf: 'mispeech/midashenglm-7b', ms: 'mispeech/midashenglm-7b', size: '7B' },
  },
})
export class MiDashengLm implements ModelLoader {
  build(config: Config): MultimodalLM {
    const reader = new ConfigReader(config);
    const told = reader.nested('text_config').config;
    // It names three axes of positions, which are all the same one.
    const fields = {
      rope_theta: 1e6,
      ...told,
      model_type: 'qwen2',
      rope_scaling: undefined,
      rope_parameters: undefined,
    };
    const text = textTraits(fields, { model: 'decoder.model', head: 'decoder.' });
    const size = encoderSize(reader);
    const states = statesOf(reader);
    const names = { audio: 'audio_encoder', projector: 'audio_projector' };
    return new MultimodalLM({
      text,
      tower: new DashengTower(
        new DashengEncoder(size),
        new DashengProjector({ states, width: size.width, hidden_size: text.hidden_size }),
        names,
      ),
      roles: [
        [names.audio, 'vit'],
        [names.projector, 'aligner'],
      ],
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const { bands, patch_size } = encoderSize(reader);
    const audio = reader.nested('audio_encoder_config');
    new ConfigReader(settings).only('do_normalize', false);
    return {
      audio: new DashengSounds({
        bands,
        patch_size,
        rate: audio.count('sample_rate', 16_000),
        hop: audio.count('hop_length', 160),
        window: audio.count('n_fft', 512),
        least: statesOf(reader),
        token: TOKEN,
        text: ({ features }) => `<|audio_bos|>${TOKEN.repeat(features)}<|audio_eos|>`,
      }),
    };
  }
}

/** States that the projector stacks. */
const statesOf = (reader: ConfigReader): number => reader.count('subsample_factor', 5);

function encoderSize(reader: ConfigReader): DashengSize {
  const audio = reader.nested('audio_encoder_config');
  audio.only('input_channels', 1);
  audio.only('center', true);
  audio.only('f_min', 0);
  audio.only('f_max', 8000);
  audio.only('win_length', audio.count('n_fft', 512));
  const bands = audio.count('n_mels', 64);
  const [height, patch_size] = pairOf(audio, 'patch_size');
  const stride = pairOf(audio, 'patch_stride');
  if (height !== bands || stride[0] !== height || stride[1] !== patch_size)
    throw audio.error('patch_size', `[${bands}, frames], all bands of some frames, as patch_stride`);
  const width = audio.count('embed_dim', 768);
  return {
    width,
    heads: audio.count('num_heads', 12),
    layers: audio.count('depth', 12),
    intermediate_size: Math.trunc(width * audio.number('mlp_ratio', 4)),
    qkv_bias: audio.flag('qkv_bias', true),
    layer_scale: audio.has('init_values'),
    bands,
    patch_size,
    length: Math.floor(audio.count('target_length', 1012) / patch_size),
    eps: 1e-6,
    activation: ACTIVATIONS.gelu,
  };
}

function pairOf(reader: ConfigReader, field: string): readonly number[] {
  const value = reader.get(field);
  return typeof value === 'number' ? [value, value] : reader.numbers(field);
}
