import { apply1, defineOp, type DType, type Tensor } from '../tensor.js';

/** Converts between dtypes; float to int truncates toward zero. */
export const castOp = defineOp<{ dtype: DType }>({
  name: 'cast',
  infer: ([x], { dtype }) => [{ shape: x.shape, dtype }],
});

export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply1(castOp, [x], { dtype });
}
