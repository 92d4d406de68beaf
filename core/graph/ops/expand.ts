import { broadcast } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, sameShape, shapeError, type Shape, type Tensor } from '../tensor.js';

/** Broadcasts `x` to `shape`. */
export const expandOp = defineOp<{ shape: Shape }>({
  name: 'expand',
  infer([x], { shape }) {
    const target = { shape, dtype: x.dtype };
    if (!sameShape(broadcast('expand', x, target), shape))
      throw shapeError('expand', `a shape that broadcasts to [${shape}]`, x);
    return [target];
  },
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [sumTo(dy!, x.shape)];
  },
});

export function expand(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply1(expandOp, [x], { shape });
}
