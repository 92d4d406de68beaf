import {
  add,
  concat,
  cos as cosine,
  expand,
  gather,
  mul,
  reduceSum,
  reshape,
  sin as sine,
  slice,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import type { Embedding } from '../embedding.js';
import type { MakeLinear } from '../linear.js';
import type { MediaKind } from '../media/kinds.js';
import { deepPort, MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import type { Names } from '../module.js';
import { createNorm, type Norm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import type { Arrangement } from './arrangement.js';
import { FusedVisionAttention, SplitVisionAttention, type PatchTurn } from './attention.js';
import { PatchEmbedding, type PatchEmbeddingOptions } from './patch-embedding.js';
import { frameLengths, placeOf, runsApart, windowsOf } from './patch-layout.js';
import { roomFor } from './room.js';
import { makeTable, tableRows, type FoldedTable, type PositionTable } from './position-table.js';
import type { Merger } from './patch-merger.js';
import { VisionBlock, type VisionBlockSize } from './vision-block.js';

/** The smallest number of patches that is computed at once. */
const FEWEST = 64;

/**
 * Which frequencies are of rows and which of columns: the first half and the second when absent; `alternates`: every other one and those
 * between (Pixtral); `pairs`: of columns and rows in turn, dimensions 2i and 2i + 1 turn together (MoonViT); `halves`: the first half of
 * columns, the second of rows, within halves of a head (Gemma 4).
 */
export type TurnOrder = 'alternates' | 'pairs' | 'halves';

const PAIRS: Readonly<Record<TurnOrder, PatchTurn['pairs']>> = {
  alternates: undefined,
  pairs: 'neighbours',
  halves: 'in-halves',
};

export interface PatchTowerSize extends VisionBlockSize {
  readonly heads: number;
  readonly layers: number;
  readonly patch_size: number;
  readonly temporal_patch_size: number;
  /** Side of the square of patches that becomes one feature. */
  readonly merge_size: number;
  /** Width of a feature. */
  readonly out: number;
  /** Whether the matrix over patches has a bias, and a norm behind it. */
  readonly patch_bias?: boolean;
  readonly patch_norm?: boolean;
  /** Whether each frame has a learned token, which turns by learned angles; not with windows or `deepstack`. */
  readonly class_token?: boolean;
  /** Whether a norm stands before the first block, and one behind the last. */
  readonly pre_norm?: boolean;
  readonly post_norm?: boolean;
  /** See `PatchEmbeddingOptions`. */
  readonly flat_patches?: PatchEmbeddingOptions['flat'];
  /** Whether the matrices of attention have a bias, into it and out of it; they do when absent. */
  readonly bias?: { readonly qkv: boolean; readonly out: boolean };
  /** Root-mean-square norms over queries and keys of each head, by their eps. */
  readonly head_norm?: number;
  /** Queries, keys and values in three matrices, by these names; in one when absent. */
  readonly split?: Names;
  /** Names of that one, and of the way out. */
  readonly fused?: Names;
  /** See `VisionAttentionSize`. */
  readonly value_norm?: number;
  readonly scale?: number;
  readonly linear?: MakeLinear;
  readonly block_names?: Names;
  /** What patches turn by: 10000 when absent. */
  readonly rope?: { readonly theta: number; readonly order?: TurnOrder };
  /** Attention within windows of so many squares a side, in all blocks but those of these numbers. */
  readonly windows?: { readonly side: number; readonly full: readonly number[] };
  /** A table of learned positions that is stretched over every picture. */
  readonly table?: PositionTable;
  /** Numbers of blocks behind which there are features too, for the language model's first blocks. */
  readonly deepstack?: readonly number[];
  /** What makes features of patches; `deep` where it is for a first block of the language model. */
  readonly merger: (deep: boolean) => Merger;
  /** What becomes of features behind the merger. */
  readonly after?: Arrangement;
  readonly names?: Names;
}

/**
 * Vision transformers over pictures of any size as rows of patches, those of a square that is merged beside each other
 * (Qwen2-VL; Wang et al., 2024, arXiv 2409.12191). All pictures of a batch lie in one row, padded to one of a few lengths; each
 * patch sees its own frame only, or its window, and turns by its row and column. Windows are runs of the row, since squares
 * come in their order.
 */
export class PatchTower extends MediaTower {
  readonly patch_embed: PatchEmbedding;
  readonly post_conv_layernorm?: Norm;
  readonly pos_embed?: Embedding | FoldedTable;
  readonly class_embedding?: Parameter;
  readonly class_pos_emb?: Parameter;
  readonly pre_layernorm?: Norm;
  readonly blocks: VisionBlock[];
  readonly post_layernorm?: Norm;
  readonly merger: Merger;
  readonly deepstack_merger_list: Merger[];
  readonly after?: Arrangement;

  constructor(private readonly size: PatchTowerSize) {
    super();
    const { width, heads, layers, patch_size: patch, temporal_patch_size: frames, table, bias } = size;
    this.names = { patch_embed: 'patch_embed.proj', ...size.names };
    const deep = frames > 1 ? [frames] : [];
    this.patch_embed = new PatchEmbedding(width, [3, ...deep, patch, patch], {
      bias: size.patch_bias,
      flat: size.flat_patches,
    });
    if (size.patch_norm) this.post_conv_layernorm = createNorm(size.norm ?? 'layer', width, size.eps);
    if (size.class_token) {
      this.class_embedding = new Parameter([width]);
      this.class_pos_emb = new Parameter([1, width / heads / 2]);
    }
    if (size.pre_norm) this.pre_layernorm = createNorm(size.norm ?? 'layer', width, size.eps);
    if (table) this.pos_embed = makeTable(table, width);
    const { head_norm, value_norm, scale, linear, split, fused } = size;
    const biases = { bias: bias?.qkv, out_bias: bias?.out };
    const norms = { head_norm, value_norm };
    const attention = { width, heads, ...biases, ...norms, scale, linear, names: split ?? fused };
    const block = (): VisionBlock => {
      const attn = size.split ? new SplitVisionAttention(attention) : new FusedVisionAttention(attention);
      return new VisionBlock(size, attn, size.block_names);
    };
    this.blocks = Array.from({ length: layers }, block);
    if (size.post_norm) this.post_layernorm = createNorm(size.norm ?? 'layer', width, size.eps);
    this.merger = size.merger(false);
    this.deepstack_merger_list = (size.deepstack ?? []).map(() => size.merger(true));
    if (size.after) this.after = size.after;
  }

  override get deep(): number {
    return this.deepstack_merger_list.length;
  }

  features(grid: Grid, kind: MediaKind): number {
    return this.after?.rows(grid, kind) ?? this.merged(grid);
  }

  smallest(): readonly Medium[] {
    const { patch_size: patch, temporal_patch_size: frames, merge_size: merge } = this.size;
    const values = 3 * frames * patch * patch;
    return [{ kind: 'image', values: new Float32Array(merge * merge * values), grid: [1, merge, merge] }];
  }

  /**
   * `pixel_values` [P, values], `patch_cos` and `patch_sin` [P, hd / 2], `patch_ids` int32 [1, P], `patch_mask` [P, P], the last two
   * with as many more as there may be tokens of frames, which stand behind all patches; with a table
   * `table_index` int32 [P, taps] and `table_share` [P, taps]; with windows `window_mask` [P, P] and `square_places` int32 [P / merge²],
   * where each square lies
   */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { patch_size: patch, temporal_patch_size: deep, merge_size: merge, windows, table } = this.size;
    const { class_token } = this.size;
    const grids = media.map(({ grid }) => grid);
    const patches = grids.reduce((sum, [t, h, w]) => sum + t * h * w, 0);
    const square = merge * merge;
    const padded = Math.ceil(roomFor(patches, FEWEST) / square) * square;
    const pixels = new Float32Array(padded * 3 * deep * patch * patch);
    media.reduce((at, { values }) => {
      pixels.set(values, at);
      return at + values.length;
    }, 0);
    const { cos, sin } = this.turns(grids, padded);
    const read = table ? tableRows(grids, merge, table, padded) : undefined;
    const rows = {
      pixel_values: pixels,
      patch_cos: cos,
      patch_sin: sin,
      ...(read && { table_index: read.index, table_share: read.share }),
    };
    const byPatch = (change: (values: Values) => Values): Record<string, HostTensor> =>
      mapped(rows, (values) => tensor([padded, values.length / padded], change(values)));
    const frames = frameLengths(grids);
    const behind = class_token ? roomFor(frames.length, 1) : 0;
    const all = padded + behind;
    const ready = media.map(({ grid, kind }) => ({ grid, kind, rows: this.merged(grid) }));
    const inputs = {
      ...this.after?.inputs(ready),
      patch_ids: tensor([1, all], inOrder(all).fill(padded, padded)),
      patch_mask: tensor([all, all], runsApart(frames, padded, behind)),
    };
    if (!windows) return { ...inputs, ...byPatch((values) => values) };
    const { order, sizes } = windowsOf(grids, merge, windows.side);
    const places = inOrder(padded / square);
    order.forEach((from, to) => (places[from] = to));
    const runs = sizes.map((size) => size * square);
    return {
      ...inputs,
      ...byPatch((values) => reordered(values, order, (square * values.length) / padded)),
      window_mask: tensor([padded, padded], runsApart(runs, padded)),
      square_places: tensor([places.length], places),
    };
  }

  stages({ pixel_values, patch_ids }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    const length = pixel_values.shape[0];
    const behind = patch_ids.shape[1] - length;
    const { windows, deepstack = [], width } = this.size;
    const flat = (seen: Tensor): Tensor => reshape(seen, [length, width]);
    const blocks = this.blocks.flatMap((block, i): Stage[] => {
      const mask = windows && !windows.full.includes(i) ? 'window_mask' : 'patch_mask';
      const turned: Stage = {
        reads: ['seen', 'patch_cos', 'patch_sin', 'patch_ids', mask],
        forward: (scope, { seen, patch_cos, patch_sin, patch_ids: position_ids, ...rest }) => {
          const turn = { ...this.turnedWith(scope, patch_cos, patch_sin), position_ids };
          return { seen: block.forward(scope, seen, { mask: rest[mask], turn }) };
        },
      };
      const at = deepstack.indexOf(i);
      if (at < 0) return [turned];
      const merge: Stage = {
        reads: ['seen'],
        forward: (scope, { seen }) => ({
          [deepPort(at)]: this.deepstack_merger_list[at].forward(scope, flat(seen)),
        }),
      };
      return [turned, merge];
    });
    const merge: Stage = {
      reads: ['seen', ...(windows ? ['square_places'] : [])],
      forward: (scope, { seen, square_places }) => {
        const patches = behind > 0 ? slice(seen, 1, 0, length) : seen;
        const normed = this.post_layernorm?.forward(scope, patches) ?? patches;
        const merged = this.merger.forward(scope, flat(normed));
        return { features: windows ? gather(merged, square_places) : merged };
      },
    };
    const { after } = this;
    const stages = [this.embedStage(length, behind), ...blocks, merge];
    if (!after) return stages;
    const arrange: Stage = {
      reads: ['features', ...after.reads],
      forward: (scope, { features, ...ports }) => ({ features: after.forward(scope, features, ports) }),
    };
    return [...stages, arrange];
  }

  /** Tables of patches, and behind them the angles of the token of every frame. */
  private turnedWith(scope: Scope, cos: Tensor, sin: Tensor): Omit<PatchTurn, 'position_ids'> {
    const order = this.size.rope?.order;
    if (!this.class_pos_emb) return { cos, sin, pairs: order && PAIRS[order] };
    const angles = scope.param(this.class_pos_emb);
    return { cos: concat([cos, cosine(angles)], 0), sin: concat([sin, sine(angles)], 0), learned: true };
  }

  private embedStage(length: number, behind: number): Stage {
    const { width, table } = this.size;
    return {
      reads: ['pixel_values', ...(table ? ['table_index', 'table_share'] : [])],
      forward: (scope, { pixel_values, table_index, table_share }) => {
        const rows = this.patch_embed.forward(scope, pixel_values);
        const patches = this.post_conv_layernorm?.forward(scope, rows) ?? rows;
        const placed = table ? add(patches, this.learned(scope, table_index, table_share)) : patches;
        const tokens = this.class_embedding
          ? [expand(reshape(scope.param(this.class_embedding), [1, width]), [behind, width])]
          : [];
        const seen = reshape(concat([placed, ...tokens], 0), [1, length + behind, width]);
        return { seen: this.pre_layernorm?.forward(scope, seen) ?? seen };
      },
    };
  }

  /** Features of a medium behind the merger. */
  private merged([frames, rows, columns]: Grid): number {
    return (frames * rows * columns) / this.size.merge_size ** 2;
  }

  /** Rows of the learned table, weighed: [P, D]. */
  private learned(scope: Scope, index: Tensor, share: Tensor): Tensor {
    const [length, taps] = share.shape;
    const { width } = this.size;
    const flat = reshape(index, [length * taps]);
    const rows = reshape(this.pos_embed!.forward(scope, flat), [length, taps, width]);
    return reduceSum(mul(rows, reshape(share, [length, taps, 1])), [1]);
  }

  /** Angles of every patch, [P, hd / 2]. */
  private turns(grids: readonly Grid[], padded: number): { cos: Float32Array; sin: Float32Array } {
    const { width, heads, merge_size: merge, rope } = this.size;
    const { theta, order } = rope ?? { theta: 10_000 };
    const half = width / heads / 2;
    const each = half / 2;
    const cos = new Float32Array(padded * half).fill(1);
    const sin = new Float32Array(padded * half);
    let patch = 0;
    for (const [frames, rows, columns] of grids) {
      for (let i = 0; i < frames * rows * columns; i++, patch++) {
        const place = placeOf(i % (rows * columns), columns, merge);
        for (let j = 0; j < half; j++) {
          const [axis, step] = frequency(j, each, order);
          const angle = place[axis] * theta ** (-step / each);
          cos[patch * half + j] = Math.cos(angle);
          sin[patch * half + j] = Math.sin(angle);
        }
      }
    }
    return { cos, sin };
  }
}

/** Of the j-th of 2 · each frequencies, whether it is of rows, 0, or columns, 1; and how many are before it, by which it is slower. */
function frequency(j: number, each: number, order?: TurnOrder): readonly [axis: 0 | 1, step: number] {
  const isFirst = j < each;
  switch (order) {
    case 'pairs':
      return [j % 2 === 0 ? 1 : 0, Math.floor(j / 2)];
    case 'alternates':
      return isFirst ? [0, j] : [1, j - each + 0.5];
    case 'halves':
      return isFirst ? [1, j] : [0, j - each];
    case undefined:
      return isFirst ? [0, j] : [1, j - each];
  }
}

type Values = Float32Array | Int32Array;

function tensor(shape: readonly number[], data: Values): HostTensor {
  return data instanceof Int32Array ? { dtype: 'int32', shape, data } : { dtype: 'float32', shape, data };
}

/** 0, 1, … */
function inOrder(length: number): Int32Array {
  const ids = new Int32Array(length);
  for (let i = 0; i < length; i++) ids[i] = i;
  return ids;
}

function mapped<V, W>(record: Record<string, V>, change: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** Rows of `width` values, the i-th of them what was number `order[i]`; those behind stay. */
function reordered(values: Values, order: Int32Array, width: number): Values {
  const moved = values.slice();
  order.forEach((from, to) => moved.set(values.subarray(from * width, (from + 1) * width), to * width));
  return moved;
}
