import { arithmetic } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/** a / b, with NumPy broadcasting. float32 or int32, both alike. */
export const divOp = defineOp({
  name: 'div',
  infer: ([a, b]) => [arithmetic('div', a, b)],
  vjp({ inputs: [a, b], cotangents: [dy] }) {
    const g = dy!;
    return [sumTo(div(g, b), a.shape), sumTo(neg(div(mul(g, a), mul(b, b))), b.shape)];
  },
});

export function div(a: Tensor, b: Tensor): Tensor {
  return apply1(divOp, [a, b]);
}
