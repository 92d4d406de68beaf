import { arithmetic } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { neg } from './neg.js';

/** a - b, with NumPy broadcasting. float32 or int32, both alike. */
export const subOp = defineOp({
  name: 'sub',
  infer: ([a, b]) => [arithmetic('sub', a, b)],
  vjp({ inputs: [a, b], cotangents: [dy] }) {
    const g = dy!;
    return [sumTo(g, a.shape), sumTo(neg(g), b.shape)];
  },
});

export function sub(a: Tensor, b: Tensor): Tensor {
  return apply1(subOp, [a, b]);
}
