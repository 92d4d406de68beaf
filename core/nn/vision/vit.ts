import {
  add,
  concat,
  expand,
  gather,
  matmul,
  reshape,
  slice,
  zeros,
  type HostTensor,
  type Shape,
  type Tensor,
} from '../../graph/index.js';
import type { Names } from '../module.js';
import { createNorm, type Norm } from '../norm.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import type { Ports, Stage } from '../stage.js';
import { FusedVisionAttention, SplitVisionAttention } from './attention.js';
import { PatchEmbedding, type PatchEmbeddingOptions } from './patch-embedding.js';
import { squareShares } from './position-table.js';
import { TileVision } from './tile-vision.js';
import { VisionBlock, type VisionBlockSize } from './vision-block.js';

/** How checkpoints of a family call the parts of a transformer that sees; properties when absent. */
export interface VitNames {
  readonly own: Names;
  readonly block: Names;
  readonly attention?: Names;
}

export interface VitSize extends VisionBlockSize {
  readonly heads: number;
  readonly layers: number;
  /** Side of a tile in pixels, and of a patch. */
  readonly image_size: number;
  readonly patch_size: number;
  /** Whether a learned token stands before the patches, or behind them. */
  readonly class_token: boolean;
  readonly class_last?: boolean;
  /** What patches turn by beside learned positions: by column and line, counted from 1; the class token does not turn. */
  readonly turns?: { readonly theta: number };
  readonly patch_bias: boolean;
  /** A norm right behind the matrix over patches. */
  readonly patch_norm?: boolean;
  /** See `PatchEmbeddingOptions`. */
  readonly flat_patches?: PatchEmbeddingOptions['flat'];
  /** A norm before the first block, and one behind the last. */
  readonly pre_norm: boolean;
  readonly post_norm: boolean;
  /** Queries, keys and values in one matrix; whether they have a bias, and norms. */
  readonly fused: boolean;
  readonly qkv_bias?: boolean;
  /** Whether the way out of attention has a bias; it does when absent. */
  readonly out_bias?: boolean;
  readonly qk_norm?: number;
  /** Rows of that matrix: `concat` when absent, or those of each head together. */
  readonly qkv?: 'concat' | 'grouped';
  /** Whether checkpoints hold the class token as [1, 1, D] and positions as [1, S, D]; or that token alone as a row, [1, D]. */
  readonly batched_tables?: boolean | 'class-row';
  /** Side of the square of positions that checkpoints hold, where they are stretched over the patches of a tile; absent: one for each patch. */
  readonly table_side?: number;
  /**
   * How the table of positions lies over pictures of other sizes: each patch reads the row nearest to it (NaViT; Dehghani et al.,
   * 2023, arXiv 2307.06304), or the whole table is stretched. Absent: all have the table's size.
   */
  readonly positions?: 'nearest' | 'stretched';
  /** Blocks that are run, all when absent; whether their output is normed, which takes all of them. */
  readonly used_layers?: number;
  readonly normed: boolean;
  /** Numbers of the blocks whose outputs are given side by side, in this order; that of the last one run when absent. */
  readonly taken?: readonly number[];
  /** Whether the class token is a feature too. */
  readonly keeps_class: boolean;
  readonly names: VitNames;
}

/**
 * A vision transformer over tiles of one size (Dosovitskiy et al., 2021, arXiv 2010.11929): patches by a matrix, learned positions,
 * blocks in which every patch of a tile sees every other. CLIP, SigLIP and InternViT differ by switches.
 */
export class Vit extends TileVision {
  readonly class_embedding?: Parameter;
  readonly patch_embedding: PatchEmbedding;
  readonly patch_norm?: Norm;
  readonly position_embedding: Parameter;
  readonly pre_norm?: Norm;
  readonly layers: VisionBlock[];
  readonly post_norm?: Norm;

  constructor(readonly size: VitSize) {
    super();
    const {
      width,
      heads,
      patch_size: patch,
      names,
      norm = 'layer',
      eps,
      qkv_bias: bias,
      out_bias,
      qk_norm,
    } = size;
    this.names = names.own;
    const { batched_tables: batched } = size;
    const table = (...shape: number[]): Parameter =>
      new Parameter(batched === true ? [...new Array<number>(3 - shape.length).fill(1), ...shape] : shape);
    if (size.class_token) this.class_embedding = batched === 'class-row' ? table(1, width) : table(width);
    this.patch_embedding = new PatchEmbedding(width, [3, patch, patch], {
      bias: size.patch_bias,
      flat: size.flat_patches,
    });
    if (size.patch_norm) this.patch_norm = createNorm(norm, width, eps);
    this.position_embedding = size.table_side
      ? new Parameter([size.table_side ** 2, width])
      : table(this.patches + (size.class_token ? 1 : 0), width);
    if (size.pre_norm) this.pre_norm = createNorm(norm, width, eps);
    const attention = { width, heads, bias, out_bias, qk_norm, qkv: size.qkv, names: names.attention };
    this.layers = Array.from({ length: size.layers }, () => {
      const attn = size.fused ? new FusedVisionAttention(attention) : new SplitVisionAttention(attention);
      return new VisionBlock(size, attn, names.block);
    });
    if (size.post_norm) this.post_norm = createNorm(norm, width, eps);
    const unused = [
      ...this.layers.slice(this.usedLayers),
      ...(this.post_norm && !size.normed ? [this.post_norm] : []),
    ];
    for (const part of unused) for (const [, parameter] of part.namedParameters()) parameter.idle = true;
  }

  /** Patches of a tile on a side; pixels behind the last whole one are not looked at. */
  get side(): number {
    const { image_size, patch_size } = this.size;
    return Math.floor(image_size / patch_size);
  }

  get patches(): number {
    return this.side ** 2;
  }

  get rows(): number {
    return this.patches + (this.size.keeps_class ? 1 : 0);
  }

  /** Where patches turn: `tile_cos` and `tile_sin` [S, hd / 2], and rows of them, `tile_ids` int32 [tiles, S]. */
  override inputs(tiles: number): Readonly<Record<string, HostTensor>> {
    const { turns, width, heads, class_token, class_last } = this.size;
    if (!turns) return {};
    const length = this.patches + (class_token ? 1 : 0);
    const half = width / heads / 2;
    const cos = new Float32Array(length * half).fill(1);
    const sin = new Float32Array(length * half);
    const first = class_token && !class_last ? 1 : 0;
    for (let patch = 0; patch < this.patches; patch++) {
      const place = [(patch % this.side) + 1, Math.floor(patch / this.side) + 1];
      for (let i = 0; i < half; i++) {
        const angle = place[i < half / 2 ? 0 : 1] * turns.theta ** (-(i % (half / 2)) / (half / 2));
        cos[(first + patch) * half + i] = Math.cos(angle);
        sin[(first + patch) * half + i] = Math.sin(angle);
      }
    }
    const ids = new Int32Array(tiles * length);
    for (let i = 0; i < ids.length; i++) ids[i] = i % length;
    return {
      tile_cos: { dtype: 'float32', shape: [length, half], data: cos },
      tile_sin: { dtype: 'float32', shape: [length, half], data: sin },
      tile_ids: { dtype: 'int32', shape: [tiles, length], data: ids },
    };
  }

  /**
   * From the port `pixel_values` to `seen` [tiles, rows, D], or as many times D as blocks are taken. Where pictures have sizes of their
   * own, also from `patch_places`, rows of the table int32 [tiles · S] or shares of all its rows [tiles · S, rows], and `patch_mask` [tiles, S], additive.
   * @param patches S, of a tile
   */
  stages(tiles: number, patches = this.patches): readonly Stage[] {
    const { normed, class_token, class_last, keeps_class, positions, taken = [], turns } = this.size;
    const length = patches + (class_token ? 1 : 0);
    const embed: Stage = {
      reads: ['pixel_values', ...(positions ? ['patch_places'] : [])],
      forward: (scope, ports) => ({ seen: this.embed(scope, ports, tiles) }),
    };
    const blocks = this.layers.slice(0, this.usedLayers).map((block, i): Stage => ({
      reads: [
        'seen',
        ...(positions ? ['patch_mask'] : []),
        ...(turns ? ['tile_cos', 'tile_sin', 'tile_ids'] : []),
      ],
      forward: (scope, ports) => {
        const { patch_mask, tile_cos: cos, tile_sin: sin, tile_ids: position_ids } = ports;
        const mask = patch_mask
          ? expand(reshape(patch_mask, [tiles, 1, length]), [tiles, length, length])
          : zeros([length, length]);
        const turn = turns && ({ cos, sin, position_ids, pairs: 'neighbours' } as const);
        const seen = block.forward(scope, ports.seen, { mask, turn });
        return { seen, ...(taken.includes(i) && { [takenPort(i)]: seen }) };
      },
    }));
    const dropped = class_token && !keeps_class;
    if (!normed && !dropped && taken.length === 0) return [embed, ...blocks];
    const finish: Stage = {
      reads: taken.length > 0 ? taken.map(takenPort) : ['seen'],
      cheap: true,
      forward: (scope, { seen, ...ports }) => {
        const outputs = taken.map((i) => ports[takenPort(i)]);
        const given = outputs.length > 0 ? concat(outputs, 2) : seen;
        const last = normed ? this.post_norm!.forward(scope, given) : given;
        const first = class_last ? 0 : 1;
        return { seen: dropped ? slice(last, 1, first, first + patches) : last };
      },
    };
    return [embed, ...blocks, finish];
  }

  private get usedLayers(): number {
    const { taken, layers, used_layers = layers } = this.size;
    return taken ? Math.max(...taken) + 1 : used_layers;
  }

  private embed(scope: Scope, { pixel_values, patch_places }: Ports, tiles: number): Tensor {
    const { width } = this.size;
    const count = pixel_values.shape[0] / tiles;
    const embedded = this.patch_embedding.forward(scope, pixel_values);
    const normed = this.patch_norm?.forward(scope, embedded) ?? embedded;
    const patches = reshape(normed, [tiles, count, width]);
    const token = this.class_embedding;
    const one = token && expand(reshape(scope.param(token), [1, 1, width]), [tiles, 1, width]);
    const rows = one ? concat(this.size.class_last ? [patches, one] : [one, patches], 1) : patches;
    const placed = add(rows, this.placed(scope, patch_places, rows.shape));
    return this.pre_norm?.forward(scope, placed) ?? placed;
  }

  /** Positions of rows of that shape: of a tile's, [S, D], or laid over each picture. */
  private placed(scope: Scope, places: Tensor, shape: Shape): Tensor {
    const { table_side: from = this.side, positions, width } = this.size;
    const table = scope.param(this.position_embedding);
    if (!positions) return from === this.side ? table : matmul(squareShares(from, this.side), table);
    const rows = reshape(table, [this.patches, width]);
    return reshape(positions === 'nearest' ? gather(rows, places) : matmul(places, rows), shape);
  }
}

const takenPort = (block: number): string => `seen.${block}`;
