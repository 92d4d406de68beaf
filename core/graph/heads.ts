import { reshape } from './ops/reshape.js';
import { transpose } from './ops/transpose.js';
import type { Tensor } from './tensor.js';

/** Head layouts of attention: B batch, T positions, K key/value heads, G query heads per key head, hd width. */

/** Queries [B, T, K·G·hd] -> [B, K, G, T, hd], each beside the key head it reads; no key is ever copied. */
export function groupedHeads(x: Tensor, heads: number, kvHeads: number): Tensor {
  const [batch, length, width] = x.shape;
  const group = heads / kvHeads;
  return transpose(reshape(x, [batch, length, kvHeads, group, width / kvHeads / group]), [0, 2, 3, 1, 4]);
}

/** [B, K, G, T, hd] -> [B, T, K·G·hd] */
export function ungroupHeads(x: Tensor): Tensor {
  const [batch, kvHeads, group, length, width] = x.shape;
  return reshape(transpose(x, [0, 3, 1, 2, 4]), [batch, length, kvHeads * group * width]);
}

/** Keys or values [B, S, K·hd] -> [B·K, S, hd] */
export function keyHeads(x: Tensor, kvHeads: number): Tensor {
  const [batch, length, width] = x.shape;
  const split = transpose(reshape(x, [batch, length, kvHeads, width / kvHeads]), [0, 2, 1, 3]);
  return reshape(split, [batch * kvHeads, length, width / kvHeads]);
}

/** [B·K, S, hd] -> [B, S, K·hd] */
export function unkeyHeads(x: Tensor, kvHeads: number): Tensor {
  const [rows, length, width] = x.shape;
  const split = reshape(x, [rows / kvHeads, kvHeads, length, width]);
  return reshape(transpose(split, [0, 2, 1, 3]), [rows / kvHeads, length, kvHeads * width]);
}
