import { isNumeric } from '../shapes.js';
import { apply, defineOp, shapeError, type Tensor } from '../tensor.js';
import { iota, scalar } from './constant.js';
import { equal } from './equal.js';
import { greaterEqual } from './greater-equal.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';
import { takeAlong, takeAlongOp } from './take-along.js';
import { where } from './where.js';

type TopKAttrs = { k: number; largest: boolean };

/**
 * The k largest (or smallest) elements along the last axis of float32 or int32 x [..., N], in order, with their
 * int32 indices, both [..., k]. Of equal elements the one with the lower index comes first.
 */
export const topKOp = defineOp<TopKAttrs>({
  name: 'topK',
  residual: 'save',
  infer([x], { k }) {
    if (!isNumeric(x) || !(k >= 1 && k <= (x.shape.at(-1) ?? 0)))
      throw shapeError('topK', `numbers with at least ${k} on the last axis`, x);
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },
  vjp({ inputs: [x], outputs: [values, indices], attrs, cotangents }) {
    const inputs = [x, indices];
    return [takeAlongOp.vjp!({ inputs, outputs: [values], attrs, cotangents })[0]];
  },
  // By counting: an element's place is how many stand before it. Quadratic in N, but needs no sorting kernel.
  decompose([x], { k, largest }) {
    const lead = x.shape.slice(0, -1);
    const count = x.shape.at(-1)!;
    const [zero, one] = [scalar(0, 'int32'), scalar(1, 'int32')];
    const [own, other] = [reshape(x, [...lead, count, 1]), reshape(x, [...lead, 1, count])];
    const beats = where(largest ? greaterEqual(other, own) : greaterEqual(own, other), one, zero);
    const earlier = where(greaterEqual(iota(count), reshape(iota(count), [count, 1])), zero, one);
    const place = reduceSum(where(equal(own, other), earlier, beats), [-1]);
    const at = equal(reshape(place, [...lead, 1, count]), reshape(iota(k), [k, 1]));
    const indices = reduceSum(where(at, iota(count), zero), [-1]);
    return [takeAlong(x, indices), indices];
  },
});

export interface TopK {
  readonly values: Tensor;
  readonly indices: Tensor;
}

export function topK(x: Tensor, k: number, { largest = true }: { largest?: boolean } = {}): TopK {
  const [values, indices] = apply(topKOp, [x], { k, largest });
  return { values, indices };
}
