import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/** Hyperbolic tangent, elementwise. */
export const tanhOp = defineOp({
  name: 'tanh',
  infer: ([x]) => [floatLike('tanh', x)],
  vjp({ outputs: [y], cotangents: [dy] }) {
    return [mul(dy!, sub(scalar(1), mul(y, y)))];
  },
});

export function tanh(x: Tensor): Tensor {
  return apply1(tanhOp, [x]);
}
