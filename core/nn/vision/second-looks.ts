/** What DeepSeek-OCR looks by after Segment Anything: CLIP, or a decoder that learned queries look through. */
import {
  add,
  concat,
  constant,
  expand,
  greaterEqual,
  iota,
  MASKED,
  reshape,
  scalar,
  slice,
  where,
  zeros,
  type HostTensor,
  type Tensor,
} from '../../graph/index.js';
import { GatedMlp } from '../feed-forward.js';
import type { Names } from '../module.js';
import { createNorm, RmsNorm, type Norm } from '../norm.js';
import { Parameter } from '../parameter.js';
import { ropeTables } from '../rotary.js';
import type { Scope } from '../scope.js';
import type { Stage } from '../stage.js';
import { FusedVisionAttention, SplitVisionAttention } from './attention.js';
import { SecondLook } from './deep-tower.js';
import { stretchedTable } from './stretched-table.js';
import { VisionBlock } from './vision-block.js';

export interface ClipLookSize {
  readonly width: number;
  readonly intermediate_size: number;
  readonly layers: number;
  readonly heads: number;
  /** Rows of the table of positions on a side. */
  readonly side: number;
  readonly eps: number;
  readonly activation: (x: Tensor) => Tensor;
  readonly names: { readonly own: Names; readonly block: Names; readonly attention: Names };
}

/** CLIP over the map in place of its own patches; what it saw of each place, and the map itself beside it. */
export class ClipLook extends SecondLook {
  readonly class_embedding: Parameter;
  readonly position_embedding: Parameter;
  readonly pre_norm: Norm;
  readonly layers: VisionBlock[];

  constructor(private readonly size: ClipLookSize) {
    super();
    const { width, heads, side, eps, names } = size;
    this.names = names.own;
    this.class_embedding = new Parameter([width]);
    this.position_embedding = new Parameter([side * side + 1, width]);
    this.pre_norm = createNorm('layer', width, eps);
    this.layers = Array.from(
      { length: size.layers },
      () =>
        new VisionBlock(
          size,
          new FusedVisionAttention({ width, heads, names: names.attention }),
          names.block,
        ),
    );
  }

  get channels(): number {
    return this.size.width;
  }

  get width(): number {
    return 2 * this.size.width;
  }

  inputs(): Readonly<Record<string, HostTensor>> {
    return {};
  }

  stages(tiles: number, side: number, port: string): readonly Stage[] {
    const map = `${port}.map`;
    const length = side * side + 1;
    const embed: Stage = {
      reads: [port],
      forward: (scope, { [port]: rows }) => ({ [port]: this.embed(scope, rows, tiles, side), [map]: rows }),
    };
    const blocks = this.layers.map((block): Stage => ({
      reads: [port],
      forward: (scope, { [port]: seen }) => ({
        [port]: block.forward(scope, seen, { mask: zeros([length, length]) }),
      }),
    }));
    const finish: Stage = {
      reads: [port, map],
      cheap: true,
      forward: (_, { [port]: seen, [map]: rows }) => ({
        [port]: concat([slice(seen, 1, 1, length), rows], 2),
      }),
    };
    return [embed, ...blocks, finish];
  }

  private embed(scope: Scope, rows: Tensor, tiles: number, side: number): Tensor {
    const { width } = this.size;
    const first = expand(reshape(scope.param(this.class_embedding), [1, 1, width]), [tiles, 1, width]);
    const table = scope.param(this.position_embedding);
    const [ofClass, ofPlaces] = [slice(table, 0, 0, 1), slice(table, 0, 1, table.shape[0])];
    const positions = concat([ofClass, stretchedTable(ofPlaces, side)], 0);
    return this.pre_norm.forward(scope, add(concat([first, rows], 1), positions));
  }
}

export interface QueryLookSize {
  readonly width: number;
  readonly intermediate_size: number;
  readonly layers: number;
  readonly heads: number;
  readonly kv_heads: number;
  readonly eps: number;
  readonly theta: number;
  readonly activation: (x: Tensor) => Tensor;
  /** Places of the map of a tile, and of a whole: there are as many queries for each. */
  readonly tile_places: number;
  readonly whole_places: number;
  readonly names: { readonly own: Names; readonly block: Names; readonly attention: Names };
}

/** A decoder over the map, whose places see each other, and as many learned queries behind them, which see it and those before (Qwen2). */
export class QueryLook extends SecondLook {
  readonly layers: VisionBlock[];
  readonly norm: RmsNorm;
  readonly tile_queries: Parameter;
  readonly whole_queries: Parameter;

  constructor(private readonly size: QueryLookSize) {
    super();
    const { width, intermediate_size, heads, kv_heads, eps, activation, names } = size;
    this.names = names.own;
    const attention = { width, heads, kv_heads, out_bias: false, names: names.attention };
    const mlp = (): GatedMlp => new GatedMlp({ hidden_size: width, intermediate_size, activation });
    this.layers = Array.from(
      { length: size.layers },
      () => new VisionBlock({ ...size, norm: 'rms', mlp }, new SplitVisionAttention(attention), names.block),
    );
    this.norm = new RmsNorm(width, eps);
    this.tile_queries = new Parameter([size.tile_places, width]);
    this.whole_queries = new Parameter([size.whole_places, width]);
  }

  get channels(): number {
    return this.size.width;
  }

  get width(): number {
    return this.size.width;
  }

  /** `query_cos`, `query_sin` [positions, hd / 2] */
  inputs(sides: readonly number[]): Readonly<Record<string, HostTensor>> {
    const { width, heads, theta } = this.size;
    const length = 2 * Math.max(...sides) ** 2;
    const dims = width / heads;
    const { cos, sin } = ropeTables(length, { dims, theta, used: length });
    const shape = [length, dims / 2];
    return {
      query_cos: { dtype: 'float32', shape, data: cos },
      query_sin: { dtype: 'float32', shape, data: sin },
    };
  }

  stages(tiles: number, side: number, port: string): readonly Stage[] {
    const places = side * side;
    const length = 2 * places;
    const embed: Stage = {
      reads: [port],
      forward: (scope, { [port]: rows }) => {
        const { tile_places, width } = this.size;
        const own = scope.param(places <= tile_places ? this.tile_queries : this.whole_queries);
        const queries = expand(reshape(own, [1, places, width]), [tiles, places, width]);
        return { [port]: concat([rows, queries], 1) };
      },
    };
    const blocks = this.layers.map((block): Stage => ({
      reads: [port, 'query_cos', 'query_sin'],
      forward: (scope, { [port]: seen, query_cos: cos, query_sin: sin }) => {
        const position_ids = expand(reshape(iota(length), [1, length]), [tiles, length]);
        return {
          [port]: block.forward(scope, seen, { mask: maskOf(places), turn: { cos, sin, position_ids } }),
        };
      },
    }));
    const finish: Stage = {
      reads: [port],
      forward: (scope, { [port]: seen }) => ({
        [port]: slice(this.norm.forward(scope, seen), 1, places, length),
      }),
    };
    return [embed, ...blocks, finish];
  }
}

/** Places see all places, a query these and the queries up to itself: additive [2 · places, 2 · places]. */
function maskOf(places: number): Tensor {
  const length = 2 * places;
  const last = Array.from({ length }, (_, i) => Math.max(i, places - 1));
  const sees = greaterEqual(constant(last, [length, 1], 'int32'), reshape(iota(length), [1, length]));
  return where(sees, scalar(0), scalar(MASKED));
}
