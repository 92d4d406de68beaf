import { arithmetic } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';

/** a + b, with NumPy broadcasting. float32 or int32, both alike. */
export const addOp = defineOp({
  name: 'add',
  infer: ([a, b]) => [arithmetic('add', a, b)],
  vjp({ inputs: [a, b], cotangents: [dy] }) {
    const g = dy!;
    return [sumTo(g, a.shape), sumTo(g, b.shape)];
  },
});

export function add(a: Tensor, b: Tensor): Tensor {
  return apply1(addOp, [a, b]);
}
