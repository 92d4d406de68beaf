import { isNumeric } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';

/** -x, elementwise. float32 or int32. */
export const negOp = defineOp({
  name: 'neg',
  infer([x]) {
    if (!isNumeric(x)) throw shapeError('neg', 'float32 or int32', x);
    return [x];
  },
  vjp({ cotangents: [dy] }) {
    return [neg(dy!)];
  },
});

export function neg(x: Tensor): Tensor {
  return apply1(negOp, [x]);
}
