import { floatRows } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { log } from './log.js';
import { mul } from './mul.js';
import { reduceMax } from './reduce-max.js';
import { softmax } from './softmax.js';
import { sub } from './sub.js';

/**
 * log Σ exp over the last axis, which stays with size 1.
 * Computed as max(x) − log(max(softmax(x))): exact, without underflow, and built from fast kernels.
 */
export const logSumExpOp = defineOp({
  name: 'logSumExp',
  infer: ([x]) => [{ shape: [...floatRows('logSumExp', x).shape.slice(0, -1), 1], dtype: 'float32' }],
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [mul(softmax(x), dy!)];
  },
  decompose: ([x]) => [sub(reduceMax(x, [-1], true), log(reduceMax(softmax(x), [-1], true)))],
});

export function logSumExp(x: Tensor): Tensor {
  return apply1(logSumExpOp, [x]);
}
