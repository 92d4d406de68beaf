import { normalizeAxis, reduced, reducedShape } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { div } from './div.js';
import { equal } from './equal.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';

/** Maximum over axes. Elements tied for the maximum share the cotangent evenly. */
export const reduceMaxOp = defineOp<{ axes: readonly number[]; keepDims: boolean }>({
  name: 'reduceMax',
  infer: ([x], { axes, keepDims }) => [reduced('reduceMax', x, axes, keepDims)],
  vjp({ inputs: [x], outputs: [y], attrs: { axes }, cotangents: [dy] }) {
    const kept = reducedShape(x.shape, axes, true);
    const winners = cast(equal(x, reshape(y, kept)), 'float32');
    return [mul(winners, div(reshape(dy!, kept), reduceSum(winners, axes, true)))];
  },
});

export function reduceMax(x: Tensor, axes: readonly number[], keepDims = false): Tensor {
  return apply1(reduceMaxOp, [x], {
    axes: axes.map((axis) => normalizeAxis(axis, x.shape.length)),
    keepDims,
  });
}
