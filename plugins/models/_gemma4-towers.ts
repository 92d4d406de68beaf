/** What Gemma 4 sees and hears with. */
import { conv2d, mul, reduceMean, relu, reshape, scalar, sub, transpose, type Tensor } from 'swift-ts/graph';
import {
  AudioProjector,
  ClippedLinear,
  ConformerTower,
  GatedMlp,
  LayerNorm,
  Linear,
  Merger,
  Module,
  Parameter,
  PatchTower,
  PlainRmsNorm,
  plainLinear,
  Subsampler,
  type ConfigReader,
  type LinearLike,
  type MakeLinear,
  type RolePrefix,
  type Scope,
} from 'swift-ts/nn';
import { activationOf } from './_towers.js';

const VISION = 'model.vision_tower';
const AUDIO = 'model.audio_tower';
const EMBED = { vision: 'model.embed_vision', audio: 'model.embed_audio' };

export const GEMMA4_ROLES: readonly RolePrefix[] = [
  [VISION, 'vit'],
  [AUDIO, 'vit'],
  [EMBED.vision, 'aligner'],
  [EMBED.audio, 'aligner'],
];

/** Layers of the towers, with bounds or without; those lie in a module of their own either way. */
function layersOf(reader: ConfigReader, clips: boolean): { linear: MakeLinear; inner: string } {
  if (!reader.flag('use_clipped_linears', clips)) return { linear: plainLinear, inner: '.linear' };
  return { linear: (into, out) => new ClippedLinear(into, out), inner: '' };
}

/** Names of layers, where the matrix lies below. */
const below = (inner: string, names: readonly string[], renamed: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(names.map((name) => [name, `${renamed[name] ?? name}${inner}`]));

/** `Gemma4VisionConfig`. */
export function gemma4Vision(vision: ConfigReader, hidden_size: number): PatchTower {
  vision.only('model_type', 'gemma4_vision');
  vision.only('attention_bias', false);
  const width = vision.count('hidden_size', 768);
  const heads = vision.count('num_attention_heads', 12);
  vision.only('num_key_value_heads', heads);
  if (vision.count('head_dim', 64) !== width / heads) throw vision.error('head_dim', `${width / heads}`);
  const rope = vision.nested('rope_parameters');
  rope.choice('rope_type', ['axial'], 'axial');
  const intermediate_size = vision.count('intermediate_size', 3072);
  const activation = activationOf(vision, 'hidden_activation', 'gelu_pytorch_tanh');
  const eps = vision.number('rms_norm_eps', 1e-6);
  const { linear, inner } = layersOf(vision, false);
  const merge_size = vision.count('pooling_kernel_size', 3);
  const merger = new SoftTokens({
    ...{ width, merge_size, hidden_size, eps },
    standardized: vision.flag('standardize'),
  });
  return new PatchTower({
    width,
    heads,
    intermediate_size,
    activation,
    eps,
    layers: vision.count('num_hidden_layers', 16),
    patch_size: vision.count('patch_size', 16),
    temporal_patch_size: 1,
    merge_size,
    out: hidden_size,
    norm: 'rms',
    norms: 'around',
    flat_patches: 'channels-last',
    bias: { qkv: false, out: false },
    split: below(inner, ['q_proj', 'k_proj', 'v_proj', 'out_proj'], { out_proj: 'o_proj' }),
    head_norm: eps,
    value_norm: eps,
    scale: 1,
    linear,
    block_names: {
      norm1: 'input_layernorm',
      attn: 'self_attn',
      post_norm1: 'post_attention_layernorm',
      norm2: 'pre_feedforward_layernorm',
      post_norm2: 'post_feedforward_layernorm',
    },
    mlp: () =>
      new GatedMlp({
        hidden_size: width,
        ...{ intermediate_size, activation, linear },
        names: below(inner, ['gate_proj', 'up_proj', 'down_proj']),
      }),
    rope: { theta: rope.number('rope_theta', 100), order: 'halves' },
    table: {
      side: vision.count('position_embedding_size', 10_240),
      filter: 'axes',
      name: 'position_embedding_table',
    },
    merger: () => merger,
    names: {
      patch_embed: `${VISION}.patch_embedder.input_proj`,
      pos_embed: `${VISION}.patch_embedder`,
      blocks: `${VISION}.encoder.layers`,
      merger: '',
    },
  });
}

interface SoftTokenSize {
  readonly width: number;
  readonly merge_size: number;
  readonly hidden_size: number;
  readonly eps: number;
  readonly standardized: boolean;
}

/** Means of squares of patches, times √width, moved and scaled by feature where checkpoints say so, normed and projected. */
class SoftTokens extends Merger {
  readonly std_bias?: Parameter;
  readonly std_scale?: Parameter;
  readonly norm: PlainRmsNorm;
  embedding_projection: LinearLike;

  constructor(private readonly size: SoftTokenSize) {
    super();
    const { width, hidden_size, eps, standardized } = size;
    this.names = {
      std_bias: `${VISION}.std_bias`,
      std_scale: `${VISION}.std_scale`,
      embedding_projection: `${EMBED.vision}.embedding_projection`,
    };
    if (standardized) [this.std_bias, this.std_scale] = [fixed(width), fixed(width)];
    this.norm = new PlainRmsNorm(width, eps);
    this.embedding_projection = new Linear(width, hidden_size);
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const { width, merge_size } = this.size;
    const square = merge_size ** 2;
    const squares = reshape(patches, [patches.shape[0] / square, square, width]);
    const pooled = mul(reduceMean(squares, [1]), scalar(Math.sqrt(width)));
    const standard = this.std_bias
      ? mul(sub(pooled, scope.param(this.std_bias)), scope.param(this.std_scale!))
      : pooled;
    return this.embedding_projection.forward(scope, this.norm.forward(scope, standard));
  }
}

/** A vector that checkpoints hold and nothing trains. */
function fixed(width: number): Parameter {
  const parameter = new Parameter([width]);
  parameter.idle = true;
  return parameter;
}

/** Mel bands of a frame. */
export const gemma4Bands = (audio: ConfigReader): number => channelsOf(audio)[0];

/** `Gemma4AudioConfig`. */
export function gemma4Audio(audio: ConfigReader, hidden_size: number): ConformerTower {
  audio.only('model_type', 'gemma4_audio');
  audio.only('hidden_act', 'silu');
  audio.only('attention_context_right', 0);
  if (audio.number('gradient_clipping', 1e10) < 1e9)
    throw audio.error('gradient_clipping', 'so large that it cuts nothing');
  const width = audio.count('hidden_size', 1024);
  const chunk = audio.count('attention_chunk_size', 12);
  if (audio.count('attention_context_left', 13) !== chunk + 1)
    throw audio.error('attention_context_left', `${chunk + 1}, one more than attention_chunk_size`);
  const eps = audio.number('rms_norm_eps', 1e-6);
  const { linear, inner } = layersOf(audio, true);
  const channels = channelsOf(audio);
  return new ConformerTower({
    bands: channels[0],
    subsampler: new StridedSubsampler(channels, width, eps),
    block: {
      ...{ width, chunk, eps, linear },
      heads: audio.count('num_attention_heads', 8),
      kernel: audio.count('conv_kernel_size', 5),
      residual: audio.number('residual_weight', 0.5),
      score_cap: audio.number('attention_logit_cap', 50),
      key_scale: Math.log(1 + Math.E) / Math.LN2,
      names: {
        block: { post: `self_attn.post${inner}` },
        attention: below(inner, ['q_proj', 'k_proj', 'v_proj']),
        feedForward: below(inner, ['ffw_layer_1', 'ffw_layer_2']),
        convolution: below(inner, ['linear_start', 'linear_end']),
      },
    },
    layers: audio.count('num_hidden_layers', 12),
    // Transformers leaves the last of the past states out.
    past: chunk - 1,
    projector: new HeardTokens(width, audio.count('output_proj_dims', 1536), hidden_size, eps),
    names: {
      subsampler: `${AUDIO}.subsample_conv_projection`,
      layers: `${AUDIO}.layers`,
      projector: '',
    },
  });
}

function channelsOf(audio: ConfigReader): readonly [number, number] {
  const field = 'subsampling_conv_channels';
  const channels = audio.has(field) ? audio.numbers(field) : [128, 32];
  if (channels.length !== 2 || channels[0] % 4 !== 0)
    throw audio.error(field, 'two numbers, the first a multiple of 4: as many as there are bands');
  return channels as unknown as readonly [number, number];
}

/** A convolution over time and bands, which halves both, normed by channel; what is behind a sound counts as silence. */
class StridedConvolution extends Module {
  /** [out, in, 3, 3] */
  readonly conv: Parameter;
  readonly norm: LayerNorm;

  constructor(into: number, out: number, eps: number) {
    super();
    this.names = { conv: 'conv.weight' };
    this.conv = new Parameter([out, into, 3, 3]);
    this.norm = new LayerNorm(out, eps, { bias: false });
  }

  /** [N, C, T, F] -> [N, T / 2, F / 2, out] */
  forward(scope: Scope, x: Tensor): Tensor {
    const halved = conv2d(x, scope.param(this.conv), undefined, { stride: 2, padding: 1 });
    return relu(this.norm.forward(scope, transpose(halved, [0, 2, 3, 1])));
  }
}

class StridedSubsampler extends Subsampler {
  readonly step = 4;
  readonly layer0: StridedConvolution;
  readonly layer1: StridedConvolution;
  input_proj_linear: LinearLike;

  constructor([first, second]: readonly [number, number], width: number, eps: number) {
    super();
    this.layer0 = new StridedConvolution(1, first, eps);
    this.layer1 = new StridedConvolution(first, second, eps);
    this.input_proj_linear = new Linear((first / 4) * second, width);
  }

  states(frames: number): number {
    return halved(halved(frames));
  }

  /** `audio_halved` [N, 1, T / 2, 1]: 1 at what the first convolution gives of a sound, 0 behind it. */
  inputs(frames: readonly number[], length: number) {
    const rows = length / 2;
    const data = new Float32Array(frames.length * rows);
    frames.forEach((own, clip) => data.fill(1, clip * rows, clip * rows + halved(own)));
    return { audio_halved: { dtype: 'float32', shape: [frames.length, 1, rows, 1], data } as const };
  }

  forward(scope: Scope, mel: Tensor, { audio_halved }: Readonly<Record<string, Tensor>>): Tensor {
    const [count, length, bands] = mel.shape;
    const once = transpose(this.layer0.forward(scope, reshape(mel, [count, 1, length, bands])), [0, 3, 1, 2]);
    const twice = this.layer1.forward(scope, mul(once, audio_halved));
    const [, states, places, channels] = twice.shape;
    return this.input_proj_linear.forward(scope, reshape(twice, [count, states, places * channels]));
  }
}

/** What a convolution of three with steps of two, silence around, makes of so many. */
const halved = (length: number): number => Math.ceil(length / 2);

/** Each state by a layer of the tower, normed and projected. */
class HeardTokens extends AudioProjector {
  readonly states = 1;
  output_proj: LinearLike;
  readonly norm: PlainRmsNorm;
  embedding_projection: LinearLike;

  constructor(width: number, out: number, hidden_size: number, eps: number) {
    super();
    this.names = {
      output_proj: `${AUDIO}.output_proj`,
      embedding_projection: `${EMBED.audio}.embedding_projection`,
    };
    this.output_proj = new Linear(width, out, { bias: true });
    this.norm = new PlainRmsNorm(out, eps);
    this.embedding_projection = new Linear(out, hidden_size);
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    const out = this.norm.forward(scope, this.output_proj.forward(scope, heard));
    return this.embedding_projection.forward(scope, out);
  }
}
