/** What attention adds to the scores of a head by position alone: ALiBi slopes and block-sparse patterns. */
import { add } from './ops/add.js';
import { cast } from './ops/cast.js';
import { constant, iota, scalar } from './ops/constant.js';
import { greaterEqual } from './ops/greater-equal.js';
import { mul } from './ops/mul.js';
import { reduceSum } from './ops/reduce-sum.js';
import { where } from './ops/where.js';
import type { Tensor } from './tensor.js';

/** Added to the score of a position that must not be seen; finite, so that no row becomes NaN. */
export const MASKED = -1e30;

export interface ScoreBiasOptions {
  /** ALiBi (Press et al., 2021): slope(head) · key position, times this factor, is added to the scores. */
  readonly alibi?: number;
  /**
   * Block-sparse attention of Phi-3-small, [size, local, stride]: positions form blocks of `size`; a query sees `local`
   * blocks up to its own, and head h also block n where (n + h + 1) is a multiple of `stride`.
   */
  readonly sparse?: readonly number[];
}

export type ScoreBiasAttrs = { heads: number; alibi?: number; sparse?: readonly number[] };

/**
 * What is added to scores [B, K, G, C, keys], in a shape that broadcasts to it; undefined where nothing is.
 * @param positions int32 [..., C, 1] of the queries among the keys
 */
export function scoreBias(
  positions: Tensor,
  { keys, kvHeads }: { readonly keys: number; readonly kvHeads: number },
  { heads, alibi, sparse }: ScoreBiasAttrs,
): Tensor | undefined {
  const perHead = (values: readonly number[], width: number): Tensor =>
    constant(values, [kvHeads, heads / kvHeads, 1, width]);
  if (alibi) {
    const slopes = alibiSlopes(heads).map((slope) => slope * alibi);
    return mul(perHead(slopes, 1), cast(iota(keys), 'float32'));
  }
  if (!sparse) return undefined;
  const [size, local, stride] = sparse;
  const blocks = Array.from({ length: keys }, (_, key) => Math.floor(key / size));
  // The block of a query is how many block starts beyond the first it has passed.
  const starts = constant(
    Array.from({ length: blocks[keys - 1] + 1 }, (_, block) => block * size),
    [blocks[keys - 1] + 1],
    'int32',
  );
  const passed = reduceSum(cast(greaterEqual(positions, starts), 'int32'), [-1], true);
  const near = greaterEqual(add(constant(blocks, [keys], 'int32'), scalar(local, 'int32')), passed);
  const upright = Array.from({ length: heads }, (_, head) =>
    blocks.map((block) => ((block + head + 1) % stride === 0 ? 0 : MASKED)),
  );
  return where(near, scalar(0), perHead(upright.flat(), keys));
}

/** The slope of every head: powers of 2^(−8/n), n the power of two below, and for the others every second of 2^(−4/n). */
export function alibiSlopes(heads: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  return Array.from({ length: heads }, (_, i) =>
    i < power ? 2 ** ((-8 * (i + 1)) / power) : 2 ** ((-4 * (2 * (i - power) + 1)) / power),
  );
}
