import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { concat } from './concat.js';
import { zeros } from './full.js';
import { normalizeAxis } from '../shapes.js';

/** Elements `start <= i < end` along one axis. */
export const sliceOp = defineOp<{ axis: number; start: number; end: number }>({
  name: 'slice',
  infer([x], { axis, start, end }) {
    if (!(axis in x.shape) || start < 0 || end > x.shape[axis] || start >= end)
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
  return start === 0 && end === x.shape[front] ? x : apply1(sliceOp, [x], { axis: front, start, end });
}
