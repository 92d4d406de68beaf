import { isSpec, requireFloat } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { groupMasks } from '../group-masks.js';
import { concat } from './concat.js';
import { groupedMatmul } from './grouped-matmul.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';

/**
 * Sums of outer products by group, what `groupedMatmul` needs for its weights: y[e] = Σ a[i]ᵀ · b[i] over the rows of
 * group e. a [N, F] and b [N, D] sorted by group, int32 groupSizes [E] that add up to N -> [E, F, D].
 */
export const groupedOuterOp = defineOp({
  name: 'groupedOuter',
  residual: 'save',
  infer([a, b, groupSizes]) {
    requireFloat('groupedOuter', a, b);
    const fits = a.shape.length === 2 && b.shape.length === 2 && a.shape[0] === b.shape[0];
    if (!fits || groupSizes.shape.length !== 1 || !isSpec(groupSizes, 'int32', groupSizes.shape))
      throw shapeError('groupedOuter', 'a [N, F], b [N, D], int32 group sizes [E]', a, b, groupSizes);
    return [{ shape: [groupSizes.shape[0], a.shape[1], b.shape[1]], dtype: 'float32' }];
  },
  vjp({ inputs: [a, b, groupSizes], cotangents: [dy] }) {
    return [groupedMatmul(b, dy!, groupSizes), groupedMatmul(a, dy!, groupSizes, true), undefined];
  },
  decompose([a, b, groupSizes]) {
    const sums = groupMasks(groupSizes, a.shape[0]).map((mask) =>
      reshape(matmul(mul(a, mask), b, { transA: true }), [1, a.shape[1], b.shape[1]]),
    );
    return [concat(sums, 0)];
  },
});

export function groupedOuter(a: Tensor, b: Tensor, groupSizes: Tensor): Tensor {
  return apply1(groupedOuterOp, [a, b, groupSizes]);
}
