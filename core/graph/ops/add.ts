import { broadcast } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';

/** a + b, with NumPy broadcasting. float32 or int32, both alike. */
export const addOp = defineOp({
  name: 'add',
  infer([a, b]) {
    if (a.dtype !== b.dtype) throw shapeError('add', 'operands of one dtype', a, b);
    return [{ shape: broadcast('add', a, b), dtype: a.dtype }];
  },
  vjp({ inputs: [a, b], cotangents: [dy] }) {
    const g = dy!;
    return [sumTo(g, a.shape), sumTo(g, b.shape)];
  },
});

export function add(a: Tensor, b: Tensor): Tensor {
  return apply1(addOp, [a, b]);
}
