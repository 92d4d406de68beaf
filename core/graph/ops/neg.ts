import { apply1, defineOp, type Tensor } from '../tensor.js';

/** -x, elementwise. */
export const negOp = defineOp({
  name: 'neg',
  infer: ([x]) => [x],
  vjp({ cotangents: [dy] }) {
    return [neg(dy!)];
  },
});

export function neg(x: Tensor): Tensor {
  return apply1(negOp, [x]);
}
