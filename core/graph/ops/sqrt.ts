import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { scalar } from './constant.js';
import { div } from './div.js';
import { mul } from './mul.js';

/** Square root, elementwise. */
export const sqrtOp = defineOp({
  name: 'sqrt',
  infer: ([x]) => [floatLike('sqrt', x)],
  vjp({ outputs: [y], cotangents: [dy] }) {
    return [div(dy!, mul(y, scalar(2)))];
  },
});

export function sqrt(x: Tensor): Tensor {
  return apply1(sqrtOp, [x]);
}
