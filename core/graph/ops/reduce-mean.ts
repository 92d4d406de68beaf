import { floatLike, normalizeAxis, reduced, reducedShape } from '../shapes.js';
import { apply1, defineOp, sizeOf, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { expand } from './expand.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';

/** Mean over axes. */
export const reduceMeanOp = defineOp<{ axes: readonly number[]; keepDims: boolean }>({
  name: 'reduceMean',
  infer: ([x], { axes, keepDims }) => [reduced('reduceMean', floatLike('reduceMean', x), axes, keepDims)],
  vjp({ inputs: [x], outputs: [y], attrs: { axes }, cotangents: [dy] }) {
    const share = mul(dy!, scalar(sizeOf(y.shape) / sizeOf(x.shape)));
    return [expand(reshape(share, reducedShape(x.shape, axes, true)), x.shape)];
  },
  decompose([x], { axes, keepDims }) {
    const sum = reduceSum(x, axes, keepDims);
    return [mul(sum, scalar(sizeOf(sum.shape) / sizeOf(x.shape)))];
  },
});

export function reduceMean(x: Tensor, axes: readonly number[], keepDims = false): Tensor {
  return apply1(reduceMeanOp, [x], {
    axes: axes.map((axis) => normalizeAxis(axis, x.shape.length)),
    keepDims,
  });
}
