import { normalizeAxis, reduced, reducedShape } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { expand } from './expand.js';
import { reshape } from './reshape.js';

/** Sum over axes. */
export const reduceSumOp = defineOp<{ axes: readonly number[]; keepDims: boolean }>({
  name: 'reduceSum',
  infer: ([x], { axes, keepDims }) => [reduced('reduceSum', x, axes, keepDims)],
  vjp({ inputs: [x], attrs: { axes }, cotangents: [dy] }) {
    return [expand(reshape(dy!, reducedShape(x.shape, axes, true)), x.shape)];
  },
});

export function reduceSum(x: Tensor, axes: readonly number[], keepDims = false): Tensor {
  return apply1(reduceSumOp, [x], {
    axes: axes.map((axis) => normalizeAxis(axis, x.shape.length)),
    keepDims,
  });
}
