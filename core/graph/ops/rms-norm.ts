import { requireFloat } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply, defineOp, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { scalar } from './constant.js';
import { div } from './div.js';
import { mul } from './mul.js';
import { reduceMean } from './reduce-mean.js';
import { sqrt } from './sqrt.js';
import { sub } from './sub.js';

/**
 * Root-mean-square normalization over the last axis (Zhang & Sennrich, 2019): x / sqrt(mean(x²) + eps) · weight.
 * Outputs: normalized [..., D] and the inverse root mean square [..., 1].
 */
export const rmsNormOp = defineOp<{ eps: number }>({
  name: 'rmsNorm',
  infer([x, weight]) {
    requireFloat('rmsNorm', x, weight);
    if (weight.shape.length !== 1 || weight.shape[0] !== x.shape.at(-1))
      throw shapeError('rmsNorm', 'a weight as long as the last axis', x, weight);
    return [x, { shape: [...x.shape.slice(0, -1), 1], dtype: 'float32' }];
  },
  vjp({ inputs: [x, weight], outputs: [, inverse], cotangents: [dy, dInverse] }) {
    if (dInverse) throw new Error('rmsNorm: the inverse root mean square is not differentiated');
    const g = mul(dy!, weight);
    // All powers of the inverse fall on one number per row: no pass over memory for a normalized x.
    const cubed = mul(inverse, mul(inverse, inverse));
    const dx = sub(mul(g, inverse), mul(x, mul(cubed, reduceMean(mul(g, x), [-1], true))));
    return [dx, sumTo(mul(dy!, mul(x, inverse)), weight.shape)];
  },
  decompose([x, weight], { eps }) {
    const inverse = div(scalar(1), sqrt(add(reduceMean(mul(x, x), [-1], true), scalar(eps))));
    return [mul(mul(x, inverse), weight), inverse];
  },
});

export function rmsNorm(x: Tensor, weight: Tensor, eps: number): Tensor {
  return apply(rmsNormOp, [x, weight], { eps })[0];
}
