import { arithmetic } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';

/** a >= b, elementwise with broadcasting; the answer is bool. */
export const greaterEqualOp = defineOp({
  name: 'greaterEqual',
  infer: ([a, b]) => [{ shape: arithmetic('greaterEqual', a, b).shape, dtype: 'bool' }],
});

export function greaterEqual(a: Tensor, b: Tensor): Tensor {
  return apply1(greaterEqualOp, [a, b]);
}
