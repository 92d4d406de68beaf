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
  vjp({ inputs: [x], outputs: [y], cotangents: [dy] }) {
    const s = sigmoid(x);
    // s·(1 + x·(1 − s)) through y = x·s, which a gated product needs anyway: one pass over memory less.
    return [mul(dy!, add(s, mul(y, sub(scalar(1), s))))];
  },
  decompose: ([x]) => [mul(x, sigmoid(x))],
});

export function silu(x: Tensor): Tensor {
  return apply1(siluOp, [x]);
}
