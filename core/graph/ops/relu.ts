import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { greaterEqual } from './greater-equal.js';
import { where } from './where.js';

/** max(x, 0); the derivative at 0 is 0. */
export const reluOp = defineOp({
  name: 'relu',
  infer: ([x]) => [floatLike('relu', x)],
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [where(greaterEqual(scalar(0), x), scalar(0), dy!)];
  },
  decompose: ([x]) => [where(greaterEqual(scalar(0), x), scalar(0), x)],
});

export function relu(x: Tensor): Tensor {
  return apply1(reluOp, [x]);
}
