import { floatLike } from '../shapes.js';
import { apply1, defineOp, type Tensor } from '../tensor.js';
import { cos } from './cos.js';
import { mul } from './mul.js';

/** Sine of radians, elementwise. */
export const sinOp = defineOp({
  name: 'sin',
  infer: ([x]) => [floatLike('sin', x)],
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [mul(dy!, cos(x))];
  },
});

export function sin(x: Tensor): Tensor {
  return apply1(sinOp, [x]);
}
