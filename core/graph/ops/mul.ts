import { arithmetic } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';

/** a * b, with NumPy broadcasting. float32 or int32, both alike. */
export const mulOp = defineOp({
  name: 'mul',
  infer: ([a, b]) => [arithmetic('mul', a, b)],
  vjp({ inputs: [a, b], cotangents: [dy] }) {
    const g = dy!;
    return [sumTo(mul(g, b), a.shape), sumTo(mul(g, a), b.shape)];
  },
});

export function mul(a: Tensor, b: Tensor): Tensor {
  return apply1(mulOp, [a, b]);
}
