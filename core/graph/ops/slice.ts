import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { concat } from './concat.js';
import { zeros } from './full.js';
import { normalizeAxis } from '../shapes.js';

/** Elements `start <= i < end` along one axis. */
export const sliceOp = defineOp<{ axis: number; start: number; end: number }>({
  name: 'slice',
  infer([x], { axis, start, end }) {
    if (start < 0 || end > x.shape[axis] || start >= end)
      throw shapeError('slice', `0 <= ${start} < ${end} <= size of axis ${axis}`, x);
    return [{ shape: x.shape.map((dim, i) => (i === axis ? end - start : dim)), dtype: x.dtype }];
  },
  vjp({ inputs: [x], attrs: { axis, start, end }, cotangents: [dy] }) {
    const pad = (size: number): Tensor[] =>
      size > 0 ? [zeros(x.shape.map((dim, i) => (i === axis ? size : dim)))] : [];
    return [concat([...pad(start), dy!, ...pad(x.shape[axis] - end)], axis)];
  },
});

export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const front = normalizeAxis(axis, x.shape.length);
  const all = x.shape.map((dim, i) => (i === front ? end - start : dim));
  return sameShape(all, x.shape) ? x : apply1(sliceOp, [x], { axis: front, start, end });
}
