import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { exp } from './exp.js';
import { mul } from './mul.js';
import { neg } from './neg.js';

/** Gauss error function, elementwise. */
export const erfOp = defineOp({
  name: 'erf',
  infer: ([x]) => [floatLike('erf', x)],
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [mul(dy!, mul(scalar(2 / Math.sqrt(Math.PI)), exp(neg(mul(x, x)))))];
  },
});

export function erf(x: Tensor): Tensor {
  return apply1(erfOp, [x]);
}
