import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { scalar } from './constant.js';
import { mul } from './mul.js';
import { sigmoid } from './sigmoid.js';
import { sub } from './sub.js';

/** x · sigmoid(x). */
export const siluOp = defineOp({
  name: 'silu',
  infer: ([x]) => [floatLike('silu', x)],
  vjp({ inputs: [x], cotangents: [dy] }) {
    const s = sigmoid(x);
    const one = scalar(1);
    return [mul(dy!, mul(s, add(one, mul(x, sub(one, s)))))];
  },
  decompose: ([x]) => [mul(x, sigmoid(x))],
});

export function silu(x: Tensor): Tensor {
  return apply1(siluOp, [x]);
}
