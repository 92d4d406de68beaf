import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { gather } from './gather.js';

/** Sums rows of `updates` [N, ...] into a zero table [rows, ...] at int32 `indices` [N]. */
export const scatterAddOp = defineOp<{ rows: number }>({
  name: 'scatterAdd',
  infer([indices, updates], { rows }) {
    if (indices.dtype !== 'int32' || indices.shape.length !== 1 || indices.shape[0] !== updates.shape[0])
      throw shapeError('scatterAdd', 'int32 indices [N] and updates [N, ...]', indices, updates);
    return [{ shape: [rows, ...updates.shape.slice(1)], dtype: updates.dtype }];
  },
  vjp({ inputs: [indices], cotangents: [dy] }) {
    return [undefined, gather(dy!, indices)];
  },
});

export function scatterAdd(indices: Tensor, updates: Tensor, rows: number): Tensor {
  return apply1(scatterAddOp, [indices, updates], { rows });
}
