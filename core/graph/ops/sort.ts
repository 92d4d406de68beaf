import type { Tensor } from '../tensor.js';
import { topK, type TopK } from './top-k.js';

/** The last axis in order, with the int32 indices the elements had (argsort). Equal elements keep their order. */
export function sort(x: Tensor, { descending = false }: { descending?: boolean } = {}): TopK {
  return topK(x, x.shape.at(-1) ?? 0, { largest: descending });
}

/** The int32 indices that put the last axis in order, stable. */
export function argsort(x: Tensor, options: { descending?: boolean } = {}): Tensor {
  return sort(x, options).indices;
}
