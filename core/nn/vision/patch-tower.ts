import { gelu, MASKED, reshape, type HostTensor, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { Module, type Names } from '../module.js';
import { LayerNorm } from '../norm.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { FusedVisionAttention } from './attention.js';
import { PatchEmbedding } from './patch-embedding.js';
import { roomFor } from './room.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import { VisionBlock, type VisionBlockSize } from './vision-block.js';

export interface PatchTowerSize extends VisionBlockSize {
  readonly heads: number;
  readonly layers: number;
  readonly patch_size: number;
  readonly temporal_patch_size: number;
  /** Side of the square of patches that becomes one feature. */
  readonly merge_size: number;
  /** Width of a feature. */
  readonly out: number;
}

/** Neighbouring patches, one behind the other, to a feature: [P, D] -> [P / merge², out]. */
class PatchMerger extends Module {
  override names: Names = { up: 'mlp.0', down: 'mlp.2' };
  readonly ln_q: LayerNorm;
  up: LinearLike;
  down: LinearLike;

  constructor({ width, merge_size, out, eps }: PatchTowerSize) {
    super();
    const inner = width * merge_size ** 2;
    this.ln_q = new LayerNorm(width, eps);
    this.up = new Linear(inner, inner, { bias: true });
    this.down = new Linear(inner, out, { bias: true });
  }

  forward(scope: Scope, patches: Tensor): Tensor {
    const { in_features: inner } = this.up;
    const normed = this.ln_q.forward(scope, patches);
    const rows = reshape(normed, [(patches.shape[0] * patches.shape[1]) / inner, inner]);
    return this.down.forward(scope, gelu(this.up.forward(scope, rows)));
  }
}

/** The smallest number of patches that is computed at once. */
const FEWEST = 64;

/**
 * Qwen2-VL's vision transformer (Wang et al., 2024, arXiv 2409.12191): pictures of any size as rows of patches, those of a
 * square that is merged beside each other. All pictures of a batch lie in one row, padded to one of a few lengths; each
 * patch sees its own frame only, and turns by its row and column.
 */
export class PatchTower extends MediaTower {
  override names: Names = { patch_embed: 'patch_embed.proj' };
  readonly patch_embed: PatchEmbedding;
  readonly blocks: VisionBlock[];
  readonly merger: PatchMerger;

  constructor(private readonly size: PatchTowerSize) {
    super();
    const { width, heads, layers, patch_size: patch, temporal_patch_size: frames } = size;
    this.patch_embed = new PatchEmbedding(width, [3, frames, patch, patch]);
    const block = (): VisionBlock => new VisionBlock(size, new FusedVisionAttention({ width, heads }));
    this.blocks = Array.from({ length: layers }, block);
    this.merger = new PatchMerger(size);
  }

  features([frames, rows, columns]: Grid): number {
    return (frames * rows * columns) / this.size.merge_size ** 2;
  }

  smallest(): Medium {
    const { patch_size: patch, temporal_patch_size: frames, merge_size: merge } = this.size;
    const values = 3 * frames * patch * patch;
    return { kind: 'image', values: new Float32Array(merge * merge * values), grid: [1, merge, merge] };
  }

  inputs(pictures: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { patch_size: patch, temporal_patch_size: deep } = this.size;
    const values = 3 * deep * patch * patch;
    const patches = pictures.reduce((sum, { grid: [t, h, w] }) => sum + t * h * w, 0);
    const square = this.size.merge_size ** 2;
    const padded = Math.ceil(roomFor(patches, FEWEST) / square) * square;
    const float = (shape: readonly number[], data: Float32Array): HostTensor => ({
      dtype: 'float32',
      shape,
      data,
    });
    const pixels = new Float32Array(padded * values);
    let at = 0;
    for (const { values: some } of pictures) {
      pixels.set(some, at);
      at += some.length;
    }
    const grids = pictures.map(({ grid }) => grid);
    const { cos, sin } = this.turns(grids, padded);
    const ids = new Int32Array(padded);
    for (let i = 0; i < padded; i++) ids[i] = i;
    return {
      pixel_values: float([padded, values], pixels),
      patch_cos: float([padded, cos.length / padded], cos),
      patch_sin: float([padded, sin.length / padded], sin),
      patch_ids: { dtype: 'int32', shape: [1, padded], data: ids },
      patch_mask: float([padded, padded], framesApart(grids, padded)),
    };
  }

  stages({ pixel_values }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    const length = pixel_values.shape[0];
    const embed: Stage = {
      reads: ['pixel_values'],
      forward: (scope, { pixel_values: patches }) => ({
        seen: reshape(this.patch_embed.forward(scope, patches), [1, length, this.size.width]),
      }),
    };
    const blocks = this.blocks.map((block): Stage => ({
      reads: ['seen', 'patch_cos', 'patch_sin', 'patch_ids', 'patch_mask'],
      forward: (
        scope,
        { seen, patch_cos: cos, patch_sin: sin, patch_ids: position_ids, patch_mask: mask },
      ) => ({
        seen: block.forward(scope, seen, { mask, turn: { cos, sin, position_ids } }),
      }),
    }));
    const merge: Stage = {
      reads: ['seen'],
      forward: (scope, { seen }) => ({
        features: this.merger.forward(scope, reshape(seen, [length, this.size.width])),
      }),
    };
    return [embed, ...blocks, merge];
  }

  /** Angles of every patch, [P, hd / 2]: the first half of them by its row, the second by its column. */
  private turns(grids: readonly Grid[], padded: number): { cos: Float32Array; sin: Float32Array } {
    const { width, heads, merge_size: merge } = this.size;
    const half = width / heads / 2;
    const each = half / 2;
    const cos = new Float32Array(padded * half).fill(1);
    const sin = new Float32Array(padded * half);
    let patch = 0;
    for (const [frames, rows, columns] of grids) {
      for (let i = 0; i < frames * rows * columns; i++, patch++) {
        const place = placeOf(i % (rows * columns), columns, merge);
        for (let j = 0; j < half; j++) {
          const angle = place[j < each ? 0 : 1] * 10000 ** (-(j % each) / each);
          cos[patch * half + j] = Math.cos(angle);
          sin[patch * half + j] = Math.sin(angle);
        }
      }
    }
    return { cos, sin };
  }
}

/** Row and column of the i-th patch of a frame: squares row by row, and the patches of a square row by row. */
function placeOf(i: number, columns: number, merge: number): readonly [row: number, column: number] {
  const inSquare = i % (merge * merge);
  const square = (i - inSquare) / (merge * merge);
  const across = columns / merge;
  return [
    Math.floor(square / across) * merge + Math.floor(inSquare / merge),
    (square % across) * merge + (inSquare % merge),
  ];
}

/** Additive [P, P]: each patch sees its frame, padding sees padding. */
function framesApart(grids: readonly Grid[], padded: number): Float32Array {
  const mask = new Float32Array(padded * padded).fill(MASKED);
  const frames = grids.flatMap(([t, h, w]) => new Array<number>(t).fill(h * w));
  const taken = frames.reduce((sum, length) => sum + length, 0);
  let start = 0;
  for (const length of [...frames, padded - taken]) {
    for (let i = start; i < start + length; i++)
      mask.fill(0, i * padded + start, i * padded + start + length);
    start += length;
  }
  return mask;
}
