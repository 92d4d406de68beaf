import { isSpec, requireFloat } from '../shapes.js';
import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { groupedOuter } from './grouped-outer.js';
import { add } from './add.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { groupMasks } from '../group-masks.js';

/**
 * Each row by the matrix of its group, as experts of a mixture need it: y[i] = x[i] · weights[group(i)]ᵀ.
 * x [N, D] sorted by group, int32 groupSizes [E] that add up to N, E weights [F, D] (with `transposed` [D, F],
 * y = x · weight) -> [N, F].
 */
export const groupedMatmulOp = defineOp<{ transposed: boolean }>({
  name: 'groupedMatmul',
  residual: 'save',
  infer([x, groupSizes, ...weights], { transposed }) {
    requireFloat('groupedMatmul', x, ...weights);
    const [{ shape }] = weights;
    const [width, inner] = transposed ? [shape[1], shape[0]] : shape;
    const fits =
      isSpec(x, 'float32', [x.shape[0], inner]) &&
      weights.every((weight) => weight.shape.length === 2 && sameShape(weight.shape, shape)) &&
      isSpec(groupSizes, 'int32', [weights.length]);
    if (!fits)
      throw shapeError(
        'groupedMatmul',
        `x [N, D], int32 group sizes [E], E weights ${transposed ? '[D, F]' : '[F, D]'}`,
        x,
        groupSizes,
        ...weights,
      );
    return [{ shape: [x.shape[0], width], dtype: 'float32' }];
  },
  vjp({ inputs: [x, groupSizes, ...weights], attrs: { transposed }, cotangents: [dy] }) {
    const [a, b] = transposed ? [x, dy!] : [dy!, x];
    const dx = groupedMatmul(dy!, groupSizes, weights, !transposed);
    return [dx, undefined, ...groupedOuter(a, b, groupSizes)];
  },
  // Every matrix sees every row: E times the work, and no shape that depends on values.
  decompose([x, groupSizes, ...weights], { transposed }) {
    const products = groupMasks(groupSizes, x.shape[0]).map((mask, group) =>
      mul(matmul(x, weights[group], { transB: !transposed }), mask),
    );
    return [products.reduce((sum, product) => add(sum, product))];
  },
});

export function groupedMatmul(
  x: Tensor,
  groupSizes: Tensor,
  weights: readonly Tensor[],
  transposed = false,
): Tensor {
  return apply1(groupedMatmulOp, [x, groupSizes, ...weights], { transposed });
}
