import { isSpec, requireFloat } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { groupedOuter } from './grouped-outer.js';
import { add } from './add.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { groupMasks } from '../group-masks.js';

/**
 * Each row by the matrix of its group, as experts of a mixture need it: y[i] = x[i] · weights[group(i)]ᵀ.
 * x [N, D] sorted by group, weights [E, F, D] (with `transposed` [E, D, F], y = x · weights), int32 groupSizes [E]
 * that add up to N -> [N, F].
 */
export const groupedMatmulOp = defineOp<{ transposed: boolean }>({
  name: 'groupedMatmul',
  residual: 'save',
  infer([x, weights, groupSizes], { transposed }) {
    requireFloat('groupedMatmul', x, weights);
    const [groups, rows, columns] = weights.shape;
    const [width, inner] = transposed ? [columns, rows] : [rows, columns];
    const fits = x.shape.length === 2 && weights.shape.length === 3 && x.shape[1] === inner;
    if (!fits || !isSpec(groupSizes, 'int32', [groups]))
      throw shapeError(
        'groupedMatmul',
        `x [N, D], weights ${transposed ? '[E, D, F]' : '[E, F, D]'}, int32 group sizes [E]`,
        x,
        weights,
        groupSizes,
      );
    return [{ shape: [x.shape[0], width], dtype: 'float32' }];
  },
  vjp({ inputs: [x, weights, groupSizes], attrs: { transposed }, cotangents: [dy] }) {
    const [a, b] = transposed ? [x, dy!] : [dy!, x];
    return [groupedMatmul(dy!, weights, groupSizes, !transposed), groupedOuter(a, b, groupSizes), undefined];
  },
  // Every matrix sees every row: E times the work, and no shape that depends on values.
  decompose([x, weights, groupSizes], { transposed }) {
    const products = groupMasks(groupSizes, x.shape[0]).map((mask, group) => {
      const own = reshape(slice(weights, 0, group, group + 1), weights.shape.slice(1));
      return mul(matmul(x, own, { transB: !transposed }), mask);
    });
    return [products.reduce((sum, product) => add(sum, product))];
  },
});

export function groupedMatmul(x: Tensor, weights: Tensor, groupSizes: Tensor, transposed = false): Tensor {
  return apply1(groupedMatmulOp, [x, weights, groupSizes], { transposed });
}
