import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { scalar } from './constant.js';
import { div } from './div.js';
import { equal } from './equal.js';
import { exp } from './exp.js';
import { log } from './log.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { relu } from './relu.js';
import { sigmoid } from './sigmoid.js';
import { sub } from './sub.js';
import { where } from './where.js';

/** log(1 + e^x). Accurate relative to its size also where e^x is small, as step sizes of state-space models are. */
export const softplusOp = defineOp({
  name: 'softplus',
  infer: ([x]) => [floatLike('softplus', x)],
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [mul(dy!, sigmoid(x))];
  },
  decompose([x]) {
    const size = add(relu(x), relu(neg(x)));
    return [add(relu(x), log1p(exp(neg(size))))];
  },
});

/** log(1 + e) for 0 <= e <= 1: what rounding 1 + e loses is divided out (Goldberg, 1991, theorem 4). */
function log1p(e: Tensor): Tensor {
  const one = scalar(1);
  const sum = add(one, e);
  const lost = equal(sum, one);
  const gained = where(lost, one, sub(sum, one));
  return where(lost, e, mul(log(sum), div(e, gained)));
}

export function softplus(x: Tensor): Tensor {
  return apply1(softplusOp, [x]);
}
