import { broadcast } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';

/** a >= b, elementwise with broadcasting; the answer is bool. */
export const greaterEqualOp = defineOp({
  name: 'greaterEqual',
  infer([a, b]) {
    if (a.dtype !== b.dtype) throw shapeError('greaterEqual', 'operands of one dtype', a, b);
    return [{ shape: broadcast('greaterEqual', a, b), dtype: 'bool' }];
  },
});

export function greaterEqual(a: Tensor, b: Tensor): Tensor {
  return apply1(greaterEqualOp, [a, b]);
}
