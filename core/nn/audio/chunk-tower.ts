import {
  gather,
  gelu,
  MASKED,
  mul,
  relu,
  reshape,
  transpose,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import { Module, type Names } from '../module.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { roomFor, roomInSteps } from '../vision/room.js';
import { Convolution, type WhisperEncoder } from './whisper-encoder.js';

/** What becomes of so many frames of one chunk: states of the encoder, means of two, features. */
function lengthsOf(frames: number) {
  // The last two frames are of silence alone.
  const states = Math.floor((frames - 1) / 2);
  const means = Math.floor(Math.ceil(frames / 2) / 2);
  return { states, means, features: Math.ceil(Math.floor(states / 2) / 2) };
}

/** Features of a chunk of so many frames. */
export const chunkFeatures = (frames: number): number => lengthsOf(frames).features;

export interface HalvingSize {
  readonly width: number;
  readonly inner: number;
  readonly hidden_size: number;
}

/** Three neighbouring states at every second place by a convolution, then two layers: [N, T, W] -> [N, ⌈T / 2⌉, D]. */
export class HalvingProjector extends Module {
  readonly conv: Convolution;
  linear1: LinearLike;
  linear2: LinearLike;

  constructor({ width, inner, hidden_size }: HalvingSize) {
    super();
    this.conv = new Convolution(width, width, 2);
    this.linear1 = new Linear(width, inner, { bias: true });
    this.linear2 = new Linear(inner, hidden_size, { bias: true });
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    const halved = transpose(gelu(this.conv.forward(scope, transpose(heard, [0, 2, 1]))), [0, 2, 1]);
    return this.linear2.forward(scope, relu(this.linear1.forward(scope, halved)));
  }
}

/**
 * Sounds in chunks, each heard by itself as if it were alone, whatever lies beside (Step-Audio 2; Wu et al., 2025, arXiv 2507.16632).
 * Grids are the frames of each chunk; values are theirs one behind the other, [bands, frames] each.
 */
export class ChunkTower extends MediaTower {
  /** @param names where the two parts lie in checkpoints */
  constructor(
    readonly audio: WhisperEncoder,
    readonly projector: HalvingProjector,
    names: Names,
  ) {
    super();
    this.names = names;
  }

  features(grid: Grid): number {
    return grid.reduce((sum, frames) => sum + chunkFeatures(frames), 0);
  }

  smallest(): readonly Medium[] {
    const frames = 5;
    return [{ kind: 'audio', values: new Float32Array(this.audio.size.bands * frames), grid: [frames] }];
  }

  /**
   * `audio_values` [N, bands, T]; `audio_frames` [N, 1, T] and `audio_means` [N, T / 4, 1], 1 where a chunk has any; `audio_mask`
   * [N, T / 2], additive; `audio_rows` int32, which of what the projector gives are features.
   */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { bands, positions } = this.audio.size;
    const lengths = media.flatMap(({ grid }) => grid);
    const count = roomFor(lengths.length, 1);
    const frames = Math.min(2 * positions, roomInSteps(Math.max(...lengths), 4));
    const mel = new Float32Array(count * bands * frames);
    const own = new Float32Array(count * frames);
    const means = new Float32Array((count * frames) / 4);
    const mask = new Float32Array((count * frames) / 2);
    const each = Math.ceil(frames / 8);
    const kept = new Int32Array(count * each);
    let [chunk, feature] = [0, 0];
    for (const { values, grid } of media) {
      let from = 0;
      for (const length of grid) {
        const has = lengthsOf(length);
        for (let band = 0; band < bands; band++, from += length)
          mel.set(values.subarray(from, from + length), (chunk * bands + band) * frames);
        own.fill(1, chunk * frames, chunk * frames + length);
        means.fill(1, (chunk * frames) / 4, (chunk * frames) / 4 + has.means);
        mask.fill(MASKED, (chunk * frames) / 2 + has.states, ((chunk + 1) * frames) / 2);
        for (let i = 0; i < has.features; i++) kept[feature++] = chunk * each + i;
        chunk++;
      }
    }
    const float = (data: Float32Array, ...shape: number[]): HostTensor => ({ dtype: 'float32', shape, data });
    return {
      audio_values: float(mel, count, bands, frames),
      audio_frames: float(own, count, 1, frames),
      audio_mask: float(mask, count, frames / 2),
      audio_means: float(means, count, frames / 4, 1),
      audio_rows: { dtype: 'int32', shape: [kept.length], data: kept },
    };
  }

  stages({ audio_values }: InputShapes): readonly Stage[] {
    if (!audio_values) return [];
    const [count, , frames] = audio_values.shape;
    const project: Stage = {
      reads: ['heard', 'audio_means', 'audio_rows'],
      forward: (scope, { heard, audio_means, audio_rows }) => {
        const made = this.projector.forward(scope, mul(heard, audio_means));
        const rows = reshape(made, [made.shape[0] * made.shape[1], made.shape[2]]);
        return { features: gather(rows, audio_rows) };
      },
    };
    return [...this.audio.stages(count, frames), project];
  }
}
