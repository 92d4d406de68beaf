import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { mul } from './mul.js';

/** e^x, elementwise. */
export const expOp = defineOp({
  name: 'exp',
  infer: ([x]) => [floatLike('exp', x)],
  vjp({ outputs: [y], cotangents: [dy] }) {
    return [mul(dy!, y)];
  },
});

export function exp(x: Tensor): Tensor {
  return apply1(expOp, [x]);
}
