import { floatRows } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { sub } from './sub.js';

/** Softmax over the last axis, stable for large values. */
export const softmaxOp = defineOp({
  name: 'softmax',
  infer: ([x]) => [floatRows('softmax', x)],
  vjp({ outputs: [y], cotangents: [dy] }) {
    return [mul(y, sub(dy!, reduceSum(mul(y, dy!), [-1], true)))];
  },
});

export function softmax(x: Tensor): Tensor {
  return apply1(softmaxOp, [x]);
}
