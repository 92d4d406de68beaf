import {
  add,
  div,
  expand,
  gather,
  gelu,
  MASKED,
  mul,
  reshape,
  scalar,
  slice,
  sqrt,
  sub,
  transpose,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import { Module, type Names } from '../module.js';
import { LayerNorm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { roomFor } from '../vision/room.js';
import { FusedVisionAttention } from '../vision/attention.js';
import { PatchEmbedding } from '../vision/patch-embedding.js';
import { VisionBlock, type VisionBlockSize } from '../vision/vision-block.js';

export interface DashengSize extends VisionBlockSize {
  readonly heads: number;
  readonly layers: number;
  readonly qkv_bias: boolean;
  /** Mel bands of a frame, all of which a patch has. */
  readonly bands: number;
  /** Frames of a patch. */
  readonly patch_size: number;
  /** Patches that are heard together. */
  readonly length: number;
}

/** Bands normalized by means and variances that were measured in training, which stay as they are. */
class BandNorm extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly running_mean: Parameter;
  readonly running_var: Parameter;

  constructor(private readonly bands: number) {
    super();
    const each = (): Parameter => new Parameter([bands]);
    [this.weight, this.bias, this.running_mean, this.running_var] = [each(), each(), each(), each()];
    this.running_mean.idle = this.running_var.idle = true;
  }

  /** [N, bands, T] */
  forward(scope: Scope, x: Tensor): Tensor {
    const of = (one: Parameter): Tensor => reshape(scope.param(one), [this.bands, 1]);
    const deviation = sqrt(add(of(this.running_var), scalar(1e-5)));
    const normed = div(sub(x, of(this.running_mean)), deviation);
    return add(mul(normed, of(this.weight)), of(this.bias));
  }
}

/** Dasheng (Dinkel et al., 2024, arXiv 2406.06992): a transformer over patches of a spectrogram, each of all bands and some frames. */
export class DashengEncoder extends Module {
  readonly init_bn: BandNorm;
  readonly patch_embed: PatchEmbedding;
  readonly time_pos_embed: Parameter;
  readonly freq_pos_embed: Parameter;
  readonly blocks: VisionBlock[];
  readonly norm: LayerNorm;

  constructor(readonly size: DashengSize) {
    super();
    const { width, heads, layers, bands, patch_size, length, qkv_bias: bias, eps } = size;
    this.names = { patch_embed: 'patch_embed.proj' };
    this.init_bn = new BandNorm(bands);
    this.patch_embed = new PatchEmbedding(width, [1, bands, patch_size], { bias: true });
    this.time_pos_embed = new Parameter([1, width, 1, length]);
    this.freq_pos_embed = new Parameter([1, width, 1, 1]);
    const names = { scale1: 'ls1.gamma', scale2: 'ls2.gamma' };
    this.blocks = Array.from({ length: layers }, () => {
      const attn = new FusedVisionAttention({ width, heads, bias });
      return new VisionBlock(size, attn, names);
    });
    this.norm = new LayerNorm(width, eps);
  }

  /** From the ports `audio_values` [N, bands, frames] and `audio_mask` [N, S], additive, to `heard` [N, S, D]. @param patches S */
  stages(pieces: number, patches: number): readonly Stage[] {
    const embed: Stage = {
      reads: ['audio_values'],
      forward: (scope, { audio_values }) => ({ heard: this.embed(scope, audio_values, pieces, patches) }),
    };
    const blocks = this.blocks.map((block): Stage => ({
      reads: ['heard', 'audio_mask'],
      forward: (scope, { heard, audio_mask }) => {
        const mask = expand(reshape(audio_mask, [pieces, 1, patches]), [pieces, patches, patches]);
        return { heard: block.forward(scope, heard, { mask }) };
      },
    }));
    const finish: Stage = {
      reads: ['heard'],
      forward: (scope, { heard }) => ({ heard: this.norm.forward(scope, heard) }),
    };
    return [embed, ...blocks, finish];
  }

  private embed(scope: Scope, levels: Tensor, pieces: number, patches: number): Tensor {
    const { width, bands, patch_size, length } = this.size;
    const normed = reshape(this.init_bn.forward(scope, levels), [pieces, bands, patches, patch_size]);
    const cut = reshape(transpose(normed, [0, 2, 1, 3]), [pieces * patches, bands * patch_size]);
    const rows = reshape(this.patch_embed.forward(scope, cut), [pieces, patches, width]);
    const times = transpose(reshape(scope.param(this.time_pos_embed), [width, length]), [1, 0]);
    const placed = add(rows, slice(times, 0, 0, patches));
    return add(placed, reshape(scope.param(this.freq_pos_embed), [width]));
  }
}

export interface StackedSize {
  /** Neighbouring states that become one feature. */
  readonly states: number;
  readonly width: number;
  readonly hidden_size: number;
}

/** Neighbouring states one behind the other, by two layers: [F, states · W] -> [F, D]. */
export class DashengProjector extends Module {
  linear_1: LinearLike;
  linear_2: LinearLike;

  constructor(readonly size: StackedSize) {
    super();
    this.names = { linear_1: 'net.0', linear_2: 'net.2' };
    this.linear_1 = new Linear(size.states * size.width, size.hidden_size, { bias: true });
    this.linear_2 = new Linear(size.hidden_size, size.hidden_size, { bias: true });
  }

  forward(scope: Scope, heard: Tensor): Tensor {
    return this.linear_2.forward(scope, gelu(this.linear_1.forward(scope, heard)));
  }
}

/**
 * Sounds of any length, whose pieces are heard by themselves (MiDashengLM; Dinkel et al., 2025, arXiv 2508.03983). Grids are [frames,
 * patches that others look at], values [bands, frames].
 */
export class DashengTower extends MediaTower {
  /** @param names where the two parts lie in checkpoints */
  constructor(
    readonly audio: DashengEncoder,
    readonly projector: DashengProjector,
    names: Names,
  ) {
    super();
    this.names = names;
  }

  features([frames]: Grid): number {
    return Math.floor(this.patches(frames) / this.projector.size.states);
  }

  smallest(): readonly Medium[] {
    const { bands, patch_size } = this.audio.size;
    const frames = patch_size * this.projector.size.states;
    return [{ kind: 'audio', values: new Float32Array(bands * frames), grid: [frames, 1] }];
  }

  /** `audio_values` [N, bands, frames] of pieces; `audio_mask` [N, S], additive; `audio_rows` int32, the states of `heard` that features are made of. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { bands, patch_size: patch, length } = this.audio.size;
    const { states } = this.projector.size;
    const counts = media.map(({ grid }) => this.patches(grid[0]));
    const patches = Math.min(length, roomFor(Math.max(...counts), 1));
    const pieces = roomFor(
      counts.reduce((sum, count) => sum + Math.ceil(count / length), 0),
      1,
    );
    const frames = patches * patch;
    const values = new Float32Array(pieces * bands * frames);
    const mask = new Float32Array(pieces * patches);
    const rows = new Int32Array(Math.ceil((pieces * patches) / states) * states);
    let [piece, row] = [0, 0];
    media.forEach(({ values: levels, grid: [all, seen] }, i) => {
      const used = this.features([all, seen]) * states;
      for (let first = 0; first < counts[i]; first += length, piece++) {
        const own = Math.min(length, counts[i] - first);
        for (let band = 0; band < bands; band++) {
          const from = band * all + first * patch;
          values.set(levels.subarray(from, from + own * patch), (piece * bands + band) * frames);
        }
        const heard = Math.min(own, Math.max(0, seen - first));
        mask.fill(MASKED, piece * patches + heard, (piece + 1) * patches);
        for (let at = 0; at < own && first + at < used; at++) rows[row++] = piece * patches + at;
      }
    });
    return {
      audio_values: { dtype: 'float32', shape: [pieces, bands, frames], data: values },
      audio_mask: { dtype: 'float32', shape: [pieces, patches], data: mask },
      audio_rows: { dtype: 'int32', shape: [rows.length], data: rows },
    };
  }

  stages({ audio_values }: InputShapes): readonly Stage[] {
    if (!audio_values) return [];
    const [pieces, , frames] = audio_values.shape;
    const { width, patch_size } = this.audio.size;
    const { states } = this.projector.size;
    const project: Stage = {
      reads: ['heard', 'audio_rows'],
      forward: (scope, { heard, audio_rows }) => {
        const all = reshape(heard, [heard.shape[0] * heard.shape[1], width]);
        const kept = gather(all, audio_rows);
        const stacked = reshape(kept, [audio_rows.shape[0] / states, states * width]);
        return { features: this.projector.forward(scope, stacked) };
      },
    };
    return [...this.audio.stages(pieces, frames / patch_size), project];
  }

  private patches(frames: number): number {
    return Math.floor(frames / this.audio.size.patch_size);
  }
}
