import { isSpec } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { cast } from './cast.js';
import { scalar } from './constant.js';
import { mul } from './mul.js';

/** x · keep / (1 − p) for a uint8 mask `keep` of ones and zeros, drawn by the caller. */
export const dropoutOp = defineOp<{ p: number }>({
  name: 'dropout',
  infer([x, keep]) {
    if (x.dtype !== 'float32' || !isSpec(keep, 'uint8', x.shape))
      throw shapeError('dropout', 'float32 and a uint8 mask of its shape', x, keep);
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
