import { isSpec, requireFloat } from '../shapes.js';
import { apply, defineOp, shapeError, type Tensor } from '../tensor.js';
import { groupMasks } from '../group-masks.js';
import { zeros } from './full.js';
import { groupedMatmul } from './grouped-matmul.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';

/**
 * Sums of outer products by group, what `groupedMatmul` needs for its weights: y[e] = Σ a[i]ᵀ · b[i] over the rows of
 * group e. a [N, F] and b [N, D] sorted by group, int32 groupSizes [E] that add up to N -> E times [F, D].
 */
export const groupedOuterOp = defineOp({
  name: 'groupedOuter',
  residual: 'save',
  infer([a, b, groupSizes]) {
    requireFloat('groupedOuter', a, b);
    const fits = a.shape.length === 2 && b.shape.length === 2 && a.shape[0] === b.shape[0];
    if (!fits || groupSizes.shape.length !== 1 || !isSpec(groupSizes, 'int32', groupSizes.shape))
      throw shapeError('groupedOuter', 'a [N, F], b [N, D], int32 group sizes [E]', a, b, groupSizes);
    const shape = [a.shape[1], b.shape[1]];
    return Array.from({ length: groupSizes.shape[0] }, () => ({ shape, dtype: 'float32' }));
  },
  vjp({ inputs: [a, b, groupSizes], outputs, cotangents }) {
    const given = outputs.map(({ shape }, group) => cotangents[group] ?? zeros(shape));
    return [groupedMatmul(b, groupSizes, given), groupedMatmul(a, groupSizes, given, true), undefined];
  },
  decompose([a, b, groupSizes]) {
    return groupMasks(groupSizes, a.shape[0]).map((mask) => matmul(mul(a, mask), b, { transA: true }));
  },
});

export function groupedOuter(a: Tensor, b: Tensor, groupSizes: Tensor): readonly Tensor[] {
  return apply(groupedOuterOp, [a, b, groupSizes]);
}
