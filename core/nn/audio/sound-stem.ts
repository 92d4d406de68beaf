import { conv2d, gelu, mul, reshape, transpose, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import { Convolution } from './whisper-encoder.js';

/** From frames of log-mel to fewer states, by convolutions along time. */
export abstract class SoundStem extends Module {
  /** How many states so many frames become. */
  abstract states(frames: number): number;
  /** mel [N, bands, T], zeros behind the frames of a chunk; `real` [N, 1, T] 1 at these, 0 behind them -> [N, states, W] */
  abstract forward(scope: Scope, mel: Tensor, real: Tensor): Tensor;
}

/** Whisper's two convolutions, neither of which looks behind the frames of a chunk (Qwen2.5-Omni). */
export class WhisperStem extends SoundStem {
  readonly conv1: Convolution;
  readonly conv2: Convolution;

  constructor(bands: number, width: number) {
    super();
    this.conv1 = new Convolution(bands, width, 1);
    this.conv2 = new Convolution(width, width, 2);
  }

  states(frames: number): number {
    return Math.ceil(frames / 2);
  }

  forward(scope: Scope, mel: Tensor, real: Tensor): Tensor {
    const once = mul(gelu(this.conv1.forward(scope, mel)), real);
    return transpose(gelu(this.conv2.forward(scope, once)), [0, 2, 1]);
  }
}

/** Over time and bands, of three by three neighbours: [N, C, H, W] -> [N, D, H / 2, W / 2]. */
class Halving extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(channels: number, width: number) {
    super();
    this.weight = new Parameter([width, channels, 3, 3]);
    this.bias = new Parameter([width]);
  }

  forward(scope: Scope, x: Tensor): Tensor {
    return gelu(conv2d(x, scope.param(this.weight), scope.param(this.bias), { stride: 2, padding: 1 }));
  }
}

/** Three convolutions over time and bands, each of which halves both, and one layer over what is left of the bands (Qwen3-Omni). */
export class HalvingStem extends SoundStem {
  readonly conv2d1: Halving;
  readonly conv2d2: Halving;
  readonly conv2d3: Halving;
  conv_out: LinearLike;

  /** @param channels of the convolutions @param width of a state */
  constructor(bands: number, channels: number, width: number) {
    super();
    this.conv2d1 = new Halving(1, channels);
    this.conv2d2 = new Halving(channels, channels);
    this.conv2d3 = new Halving(channels, channels);
    this.conv_out = new Linear(channels * this.states(bands), width);
  }

  states(frames: number): number {
    return Math.ceil(Math.ceil(Math.ceil(frames / 2) / 2) / 2);
  }

  forward(scope: Scope, mel: Tensor): Tensor {
    const [chunks, bands, frames] = mel.shape;
    const stem = [this.conv2d1, this.conv2d2, this.conv2d3];
    const seen = stem.reduce((x, conv) => conv.forward(scope, x), reshape(mel, [chunks, 1, bands, frames]));
    const [, channels, rows, states] = seen.shape;
    const beside = reshape(transpose(seen, [0, 3, 1, 2]), [chunks, states, channels * rows]);
    return this.conv_out.forward(scope, beside);
  }
}
