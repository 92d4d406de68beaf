import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { scalar } from './constant.js';
import { mul } from './mul.js';

/** x · keep / (1 − p) for a uint8 mask `keep` of ones and zeros, drawn by the caller. */
export const dropoutOp = defineOp<{ p: number }>({
  name: 'dropout',
  infer([x, keep]) {
    if (keep.dtype !== 'uint8' || !sameShape(x.shape, keep.shape))
      throw shapeError('dropout', 'a uint8 mask of the same shape', x, keep);
    return [x];
  },
  vjp({ inputs: [, keep], attrs: { p }, cotangents: [dy] }) {
    return [dropout(dy!, keep, p), undefined];
  },
  decompose: ([x, keep], { p }) => [mul(x, mul(cast(keep, 'float32'), scalar(1 / (1 - p))))],
});

export function dropout(x: Tensor, keep: Tensor, p: number): Tensor {
  return apply1(dropoutOp, [x, keep], { p });
}
