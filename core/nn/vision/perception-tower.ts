import {
  add,
  concat,
  conv2d,
  gather,
  mul,
  reduceSum,
  reshape,
  transpose,
  zeros,
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
import { PackedVisionAttention } from './attention.js';
import { PatchEmbedding } from './patch-embedding.js';
import { patchRows } from './patch-rows.js';
import { tableRows } from './position-table.js';
import { roomFor, stepsFor } from './room.js';
import { VisionBlock, type VisionBlockSize } from './vision-block.js';

export interface PerceptionSize extends VisionBlockSize {
  readonly heads: number;
  readonly layers: number;
  readonly patch_size: number;
  /** Sides in pixels of what is seen of a picture: the whole, for whose side positions are learned, and its parts. */
  readonly whole_size: number;
  readonly part_size: number;
  /** Width of the language model, and whether the way there has a bias. */
  readonly hidden_size: number;
  readonly projector_bias: boolean;
  /** How checkpoints call the tower's own parts, and those of a block. */
  readonly names: { readonly own: Names; readonly block: Names };
}

/** The fewest features that are put in order at once. */
const FEWEST = 64;

const KINDS = ['part', 'whole'] as const;
type Kind = (typeof KINDS)[number];

/** Every second place of a map [N, C, H, W] on either side, twice as wide: [N, 2C, ⌈H / 2⌉, ⌈W / 2⌉]. */
class Downsampler extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(width: number) {
    super();
    this.weight = new Parameter([2 * width, width, 3, 3]);
    this.bias = new Parameter([2 * width]);
  }

  forward(scope: Scope, map: Tensor): Tensor {
    return conv2d(map, scope.param(this.weight), scope.param(this.bias), { stride: 2, padding: 1 });
  }
}

/**
 * Parts of a picture, all of one size, and the whole of it, of another, each through the same transformer (Perception Encoder; Bolya et
 * al., 2025, arXiv 2504.13181), whose patches have learned positions and turn by column and row; then through two convolutions and a
 * matrix (Step3-VL). Features of the parts come before those of the whole; so do values. Grids are [parts, …].
 */
export class PerceptionTower extends MediaTower {
  readonly patch_embedding: PatchEmbedding;
  readonly position_embedding: Parameter;
  readonly pre_norm: LayerNorm;
  readonly layers: VisionBlock[];
  readonly downsampler1: Downsampler;
  readonly downsampler2: Downsampler;
  projector: LinearLike;

  constructor(private readonly size: PerceptionSize) {
    super();
    const { width, heads, patch_size: patch, hidden_size, projector_bias: bias, names } = size;
    this.names = names.own;
    this.patch_embedding = new PatchEmbedding(width, [3, patch, patch]);
    this.position_embedding = new Parameter([this.side('whole') ** 2, width]);
    this.pre_norm = new LayerNorm(width, size.eps);
    this.layers = Array.from(
      { length: size.layers },
      () => new VisionBlock(size, new PackedVisionAttention({ width, heads }), names.block),
    );
    this.downsampler1 = new Downsampler(width);
    this.downsampler2 = new Downsampler(2 * width);
    this.projector = new Linear(4 * width, hidden_size, { bias });
  }

  features([parts]: Grid): number {
    return parts * this.rows('part') + this.rows('whole');
  }

  /** Features of a part, or of the whole. */
  rows(kind: Kind): number {
    return Math.ceil(Math.ceil(this.side(kind) / 2) / 2) ** 2;
  }

  smallest(): readonly Medium[] {
    return [{ kind: 'image', values: new Float32Array(3 * this.size.whole_size ** 2), grid: [0] }];
  }

  /**
   * Of each kind that there is: `part_pixels` [N · S, values], `part_cos` and `part_sin` [S, hd / 2], `part_ids` int32 [N, S],
   * `part_table` int32 [S, 4] and `part_share` [S, 4] of the table of positions; `feature_rows` int32 [F], in which order features follow
   */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const { whole_size } = this.size;
    const cut = (values: Float32Array): number => values.length - 3 * whole_size ** 2;
    const values = {
      part: media.map((medium) => medium.values.subarray(0, cut(medium.values))),
      whole: media.map((medium) => medium.values.subarray(cut(medium.values))),
    };
    const parts = media.reduce((sum, { grid }) => sum + grid[0], 0);
    const counts = { part: parts, whole: media.length };
    const rooms = { part: parts && stepsFor(parts), whole: stepsFor(media.length) };
    return {
      ...Object.fromEntries(
        KINDS.filter((kind) => counts[kind] > 0).flatMap((kind) =>
          Object.entries(this.inputsOf(kind, values[kind], rooms[kind])),
        ),
      ),
      feature_rows: this.order(media, rooms.part),
    };
  }

  stages({ part_ids, whole_ids }: InputShapes): readonly Stage[] {
    if (!whole_ids) return [];
    const kinds = part_ids ? KINDS : (['whole'] as const);
    const join: Stage = {
      reads: [...kinds.map((kind) => `${kind}_features`), 'feature_rows'],
      forward: (_, { feature_rows, ...ports }) => {
        const all = kinds.map((kind) => ports[`${kind}_features`]);
        return { features: gather(concat(all, 0), feature_rows) };
      },
    };
    const counts = { part: part_ids?.shape[0] ?? 0, whole: whole_ids.shape[0] };
    return [...kinds.flatMap((kind) => this.stagesOf(kind, counts[kind])), join];
  }

  private stagesOf(kind: Kind, count: number): Stage[] {
    const { width, hidden_size } = this.size;
    const side = this.side(kind);
    const [seen, cos, sin, ids] = ['seen', 'cos', 'sin', 'ids'].map((port) => `${kind}_${port}`);
    const embed: Stage = {
      reads: [`${kind}_pixels`, `${kind}_table`, `${kind}_share`],
      forward: (scope, ports) => {
        const patches = this.patch_embedding.forward(scope, ports[`${kind}_pixels`]);
        const share = ports[`${kind}_share`];
        const taken = gather(
          scope.param(this.position_embedding),
          reshape(ports[`${kind}_table`], [4 * side ** 2]),
        );
        const shares = mul(reshape(taken, [side ** 2, 4, width]), reshape(share, [side ** 2, 4, 1]));
        const placed = add(reshape(patches, [count, side ** 2, width]), reduceSum(shares, [1]));
        return { [seen]: this.pre_norm.forward(scope, placed) };
      },
    };
    const blocks = this.layers.map((block): Stage => ({
      reads: [seen, cos, sin, ids],
      forward: (scope, ports) => {
        const turn = {
          cos: ports[cos],
          sin: ports[sin],
          position_ids: ports[ids],
          pairs: 'neighbours',
        } as const;
        const mask = zeros([side ** 2, side ** 2]);
        return { [seen]: block.forward(scope, ports[seen], { mask, turn }) };
      },
    }));
    const finish: Stage = {
      reads: [seen],
      forward: (scope, ports) => {
        const map = reshape(transpose(ports[seen], [0, 2, 1]), [count, width, side, side]);
        const small = this.downsampler2.forward(scope, this.downsampler1.forward(scope, map));
        const rows = transpose(reshape(small, [count, 4 * width, this.rows(kind)]), [0, 2, 1]);
        const features = this.projector.forward(scope, rows);
        return { [`${kind}_features`]: reshape(features, [count * this.rows(kind), hidden_size]) };
      },
    };
    return [embed, ...blocks, finish];
  }

  private inputsOf(
    kind: Kind,
    values: readonly Float32Array[],
    count: number,
  ): Readonly<Record<string, HostTensor>> {
    const { patch_size, width, heads } = this.size;
    const side = this.side(kind);
    const patches = side ** 2;
    const data = patchRows(values, count, { image_size: side * patch_size, patch_size });
    const half = width / heads / 2;
    const { cos, sin } = turnsOf(side, half);
    const ids = new Int32Array(count * patches).map((_, i) => i % patches);
    const table = { side: this.side('whole'), filter: 'bilinear-edges' } as const;
    const { index, share } = tableRows([[1, side, side]], 1, table, patches);
    const tensor = (shape: readonly number[], floats: Float32Array): HostTensor => ({
      dtype: 'float32',
      shape,
      data: floats,
    });
    return {
      [`${kind}_pixels`]: tensor([count * patches, data.length / count / patches], data),
      [`${kind}_cos`]: tensor([patches, half], cos),
      [`${kind}_sin`]: tensor([patches, half], sin),
      [`${kind}_ids`]: { dtype: 'int32', shape: [count, patches], data: ids },
      [`${kind}_table`]: { dtype: 'int32', shape: [patches, 4], data: index },
      [`${kind}_share`]: tensor([patches, 4], share),
    };
  }

  /** Rows of all parts' features, and of those of the wholes behind them, picture by picture. @param room parts that are computed */
  private order(media: readonly Medium[], room: number): HostTensor {
    const [part, whole] = KINDS.map((kind) => this.rows(kind));
    const rows: number[] = [];
    const put = (first: number, count: number): void => {
      for (let i = 0; i < count; i++) rows.push(first + i);
    };
    let parts = 0;
    media.forEach(({ grid }, i) => {
      put(parts * part, grid[0] * part);
      put(room * part + i * whole, whole);
      parts += grid[0];
    });
    const data = new Int32Array(roomFor(rows.length, FEWEST));
    data.set(rows);
    return { dtype: 'int32', shape: [data.length], data };
  }

  /** Patches on a side. */
  private side(kind: Kind): number {
    const { patch_size, part_size, whole_size } = this.size;
    return Math.floor((kind === 'part' ? part_size : whole_size) / patch_size);
  }
}

/** Angles of every patch, [S, half]: the first half of them by its column, the second by its row. */
function turnsOf(side: number, half: number): { cos: Float32Array; sin: Float32Array } {
  const each = half / 2;
  const [cos, sin] = [new Float32Array(side * side * half), new Float32Array(side * side * half)];
  for (let patch = 0; patch < side * side; patch++) {
    for (let j = 0; j < half; j++) {
      const at = j < each ? patch % side : Math.floor(patch / side);
      const angle = at * 10_000 ** (-(j % each) / each);
      cos[patch * half + j] = Math.cos(angle);
      sin[patch * half + j] = Math.sin(angle);
    }
  }
  return { cos, sin };
}
