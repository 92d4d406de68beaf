import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { div } from './div.js';

/** Natural logarithm, elementwise. */
export const logOp = defineOp({
  name: 'log',
  infer: ([x]) => [floatLike('log', x)],
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [div(dy!, x)];
  },
});

export function log(x: Tensor): Tensor {
  return apply1(logOp, [x]);
}
