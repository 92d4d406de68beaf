import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { mul } from './mul.js';
import { sub } from './sub.js';

/** 1 / (1 + e^-x), elementwise. */
export const sigmoidOp = defineOp({
  name: 'sigmoid',
  infer: ([x]) => [floatLike('sigmoid', x)],
  vjp({ outputs: [y], cotangents: [dy] }) {
    return [mul(dy!, mul(y, sub(scalar(1), y)))];
  },
});

export function sigmoid(x: Tensor): Tensor {
  return apply1(sigmoidOp, [x]);
}
