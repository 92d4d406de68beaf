import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { sin } from './sin.js';

/** Cosine of radians, elementwise. */
export const cosOp = defineOp({
  name: 'cos',
  infer: ([x]) => [floatLike('cos', x)],
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [mul(dy!, neg(sin(x)))];
  },
});

export function cos(x: Tensor): Tensor {
  return apply1(cosOp, [x]);
}
