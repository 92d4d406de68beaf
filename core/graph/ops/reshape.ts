import { apply1, defineOp, sameShape, shapeError, sizeOf, type Shape, type Tensor } from '../tensor.js';

/** The same elements in row-major order under another shape. */
export const reshapeOp = defineOp<{ shape: Shape }>({
  name: 'reshape',
  infer([x], { shape }) {
    if (sizeOf(shape) !== sizeOf(x.shape))
      throw shapeError('reshape', `as many elements as [${shape}] has`, x);
    return [{ shape, dtype: x.dtype }];
  },
  vjp({ inputs: [x], cotangents: [dy] }) {
    return [reshape(dy!, x.shape)];
  },
});

export function reshape(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : apply1(reshapeOp, [x], { shape });
}
