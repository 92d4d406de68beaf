import {
  add,
  avgPool1d,
  constant,
  conv1d,
  expand,
  gelu,
  greaterEqual,
  iota,
  MASKED,
  mul,
  reshape,
  scalar,
  slice,
  transpose,
  where,
  type Tensor,
} from '../../graph/index.js';
import { PlainMlp } from '../feed-forward.js';
import { Module, type Names } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { SplitVisionAttention } from '../vision/attention.js';
import { VisionBlock, type VisionBlockSize } from '../vision/vision-block.js';

/** How checkpoints call the parts of an encoder. */
export interface WhisperNames {
  readonly own: Names;
  readonly block: Names;
  readonly attention: Names;
  readonly mlp: Names;
}

const HUGGING_FACE: WhisperNames = {
  own: { embed_positions: 'embed_positions.weight' },
  block: { norm1: 'self_attn_layer_norm', attn: 'self_attn', norm2: 'final_layer_norm', mlp: '' },
  attention: {},
  mlp: { up_proj: 'fc1', down_proj: 'fc2' },
};

/** In OpenAI's own files. */
export const OPENAI_WHISPER: WhisperNames = {
  own: { embed_positions: 'positional_embedding', layers: 'blocks', layer_norm: 'ln_post' },
  block: { norm1: 'attn_ln', norm2: 'mlp_ln' },
  attention: { q_proj: 'query', k_proj: 'key', v_proj: 'value', out_proj: 'out' },
  mlp: { up_proj: '0', down_proj: '2' },
};

export interface WhisperSize extends Omit<VisionBlockSize, 'mlp'> {
  readonly heads: number;
  readonly layers: number;
  /** Mel bands of a frame. */
  readonly bands: number;
  /** States of the longest clip, one for two frames. */
  readonly positions: number;
  /** So many neighbouring states become their mean before the last norm; 1: none do. */
  readonly pool: number;
  /** Whether frames behind a sound are nothing at all, as if it were heard alone: told by the port `audio_frames` [N, 1, T]. */
  readonly ends?: boolean;
  /** States see those before them and those of their own stretch of so many; all of their clip when absent. */
  readonly stretch?: number;
  /** Hugging Face's when absent. */
  readonly names?: WhisperNames;
}

/** Along time, of three neighbours, silence outside: [N, C, T] -> [N, D, T / stride]. */
export class Convolution extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(
    channels: number,
    width: number,
    private readonly stride: number,
  ) {
    super();
    this.weight = new Parameter([width, channels, 3]);
    this.bias = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    const { stride } = this;
    return conv1d(x, scope.param(this.weight), scope.param(this.bias), { stride, padding: 1 });
  }
}

/** Blocks in which states see each other. @param size keys have no bias unless it says so */
export function soundBlocks(
  size: Omit<VisionBlockSize, 'mlp'> & {
    readonly heads: number;
    readonly layers: number;
    readonly key_bias?: boolean;
    readonly names?: WhisperNames;
  },
): VisionBlock[] {
  const { width, heads, intermediate_size, activation, key_bias = false, names = HUGGING_FACE } = size;
  const plain = { hidden_size: width, intermediate_size, activation, bias: true, names: names.mlp };
  return Array.from({ length: size.layers }, () => {
    const attn = new SplitVisionAttention({ width, heads, key_bias, names: names.attention });
    return new VisionBlock({ ...size, mlp: () => new PlainMlp(plain) }, attn, names.block);
  });
}

/**
 * Whisper's encoder (Radford et al., 2022, arXiv 2212.04356): frames of log-mel through two convolutions, the second of which
 * halves them, and blocks in which every state sees every other of its clip. Keys have no bias.
 */
export class WhisperEncoder extends Module {
  readonly conv1: Convolution;
  readonly conv2: Convolution;
  /** Sinusoids, as checkpoints hold them: they never train. */
  readonly embed_positions: Parameter;
  readonly layers: VisionBlock[];
  readonly layer_norm: LayerNorm;

  constructor(readonly size: WhisperSize) {
    super();
    const { width, bands, positions, eps, names = HUGGING_FACE } = size;
    this.names = names.own;
    this.conv1 = new Convolution(bands, width, 1);
    this.conv2 = new Convolution(width, width, 2);
    this.embed_positions = new Parameter([positions, width]);
    this.embed_positions.idle = true;
    this.layers = soundBlocks(size);
    this.layer_norm = new LayerNorm(width, eps);
  }

  /**
   * From the ports `audio_values` [N, bands, T] and `audio_mask` [N, T / 2], additive, to `heard` [N, T / 2 / pool, D].
   * @param clips N @param frames T, a multiple of 2 · pool
   */
  stages(clips: number, frames: number): readonly Stage[] {
    const length = frames / 2;
    const { stretch } = this.size;
    const embed: Stage = {
      reads: ['audio_values', ...(this.size.ends ? ['audio_frames'] : [])],
      forward: (scope, { audio_values, audio_frames }) => ({
        heard: this.embed(scope, audio_values, length, audio_frames),
      }),
    };
    const blocks = this.layers.map((block): Stage => ({
      reads: ['heard', 'audio_mask'],
      forward: (scope, { heard, audio_mask }) => {
        const own = expand(reshape(audio_mask, [clips, 1, length]), [clips, length, length]);
        const mask = stretch && stretch < length ? add(own, beforeStretch(length, stretch)) : own;
        return { heard: block.forward(scope, heard, { mask }) };
      },
    }));
    const finish: Stage = {
      reads: ['heard'],
      forward: (scope, { heard }) => ({ heard: this.layer_norm.forward(scope, this.pooled(heard)) }),
    };
    return [embed, ...blocks, finish];
  }

  private embed(scope: Scope, mel: Tensor, length: number, frames?: Tensor): Tensor {
    const once = gelu(this.conv1.forward(scope, mel));
    const own = frames ? mul(once, frames) : once;
    const states = transpose(gelu(this.conv2.forward(scope, own)), [0, 2, 1]);
    return add(states, slice(scope.param(this.embed_positions), 0, 0, length));
  }

  private pooled(heard: Tensor): Tensor {
    const { pool } = this.size;
    if (pool === 1) return heard;
    return transpose(avgPool1d(transpose(heard, [0, 2, 1]), pool), [0, 2, 1]);
  }
}

/** Additive, [S, S]: what states see whose stretches are of so many. */
function beforeStretch(length: number, stretch: number): Tensor {
  const last = Array.from({ length }, (_, i) => (Math.floor(i / stretch) + 1) * stretch - 1);
  const sees = greaterEqual(constant(last, [length, 1], 'int32'), reshape(iota(length), [1, length]));
  return where(sees, scalar(0), scalar(MASKED));
}
