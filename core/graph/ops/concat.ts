import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { slice } from './slice.js';
import { normalizeAxis } from '../shapes.js';

/** Joins tensors along one axis. */
export const concatOp = defineOp<{ axis: number }>({
  name: 'concat',
  infer(inputs, { axis }) {
    const rest = (shape: readonly number[]) => shape.map((dim, i) => (i === axis ? 0 : dim));
    const [first] = inputs;
    if (
      !(axis in first.shape) ||
      !inputs.every((x) => x.dtype === first.dtype && sameShape(rest(x.shape), rest(first.shape)))
    )
      throw shapeError('concat', `one dtype and shapes equal but for axis ${axis}`, ...inputs);
    const total = inputs.reduce((sum, x) => sum + x.shape[axis], 0);
    return [{ shape: first.shape.map((dim, i) => (i === axis ? total : dim)), dtype: first.dtype }];
  },
  vjp({ inputs, attrs: { axis }, cotangents: [dy] }) {
    let start = 0;
    return inputs.map((x) => slice(dy!, axis, start, (start += x.shape[axis])));
  },
});

export function concat(inputs: readonly Tensor[], axis: number): Tensor {
  return inputs.length === 1
    ? inputs[0]
    : apply1(concatOp, inputs, { axis: normalizeAxis(axis, inputs[0].shape.length) });
}
