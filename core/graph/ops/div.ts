import { broadcast } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/** a / b, with NumPy broadcasting. float32 or int32, both alike. */
export const divOp = defineOp({
  name: 'div',
  infer([a, b]) {
    if (a.dtype !== b.dtype) throw shapeError('div', 'operands of one dtype', a, b);
    return [{ shape: broadcast('div', a, b), dtype: a.dtype }];
  },
  vjp({ inputs: [a, b], cotangents: [dy] }) {
    const g = dy!;
    return [sumTo(div(g, b), a.shape), sumTo(neg(div(mul(g, a), mul(b, b))), b.shape)];
  },
});

export function div(a: Tensor, b: Tensor): Tensor {
  return apply1(divOp, [a, b]);
}
