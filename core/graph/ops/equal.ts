import { broadcast } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';

/** a == b, elementwise with broadcasting; the answer is bool. */
export const equalOp = defineOp({
  name: 'equal',
  infer([a, b]) {
    if (a.dtype !== b.dtype || a.dtype === 'uint8')
      throw shapeError('equal', 'two operands of float32, int32 or bool', a, b);
    return [{ shape: broadcast('equal', a, b), dtype: 'bool' }];
  },
});

export function equal(a: Tensor, b: Tensor): Tensor {
  return apply1(equalOp, [a, b]);
}
