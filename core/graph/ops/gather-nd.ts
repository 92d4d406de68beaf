import { defineComposite } from '../composite.js';
import { stridesOf } from '../shapes.js';
import { apply1, shapeError, sizeOf, type Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { gather } from './gather.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';

/**
 * Parts of `x` at int32 coordinates: indices [..., r] name the first r dimensions, x[i₀, …, iᵣ₋₁] is picked whole.
 * Output [..., ...x.shape.slice(r)], as x[indices.unbind(-1)] in PyTorch.
 */
export const gatherNdOp = defineComposite({
  name: 'gatherNd',
  residual: 'save',
  infer([x, indices]) {
    const depth = indices.shape.at(-1);
    if (indices.dtype !== 'int32' || !depth || depth > x.shape.length)
      throw shapeError('gatherNd', 'x and int32 indices [..., r] of at most its rank', x, indices);
    return [{ shape: [...indices.shape.slice(0, -1), ...x.shape.slice(depth)], dtype: x.dtype }];
  },
  decompose([x, indices]) {
    const depth = indices.shape.at(-1)!;
    const named = x.shape.slice(0, depth);
    const at = reduceSum(mul(indices, constant(stridesOf(named), [depth], 'int32')), [-1]);
    return [gather(reshape(x, [sizeOf(named), ...x.shape.slice(depth)]), at)];
  },
});

export function gatherNd(x: Tensor, indices: Tensor): Tensor {
  return apply1(gatherNdOp, [x, indices]);
}
