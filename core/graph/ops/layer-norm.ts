import { requireFloat } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { scalar } from './constant.js';
import { div } from './div.js';
import { full } from './full.js';
import { mul } from './mul.js';
import { reduceMean } from './reduce-mean.js';
import { sqrt } from './sqrt.js';
import { sub } from './sub.js';

/**
 * Layer normalization over the last axis (Ba et al., 2016): (x − mean) / sqrt(var + eps) · weight + bias.
 * Outputs: normalized [..., D], and mean and inverse deviation [..., 1], which are not differentiated.
 */
export const layerNormOp = defineOp<{ eps: number }>({
  name: 'layerNorm',
  infer([x, weight, bias]) {
    requireFloat('layerNorm', x, weight, bias);
    const last = x.shape.slice(-1);
    if (last.length === 0 || !sameShape(weight.shape, last) || !sameShape(bias.shape, last))
      throw shapeError('layerNorm', 'a weight and a bias as long as the last axis', x, weight, bias);
    const perRow = { shape: [...x.shape.slice(0, -1), 1], dtype: 'float32' as const };
    return [x, perRow, perRow];
  },
  vjp({ inputs: [x, weight, bias], outputs: [, mean, inverse], cotangents: [dy, ...others] }) {
    if (others.some(Boolean)) throw new Error('layerNorm: mean and inverse deviation are not differentiated');
    const normalized = mul(sub(x, mean), inverse);
    const g = mul(dy!, weight);
    const along = mul(normalized, reduceMean(mul(g, normalized), [-1], true));
    const dx = mul(inverse, sub(sub(g, reduceMean(g, [-1], true)), along));
    return [dx, sumTo(mul(dy!, normalized), weight.shape), sumTo(dy!, bias.shape)];
  },
  decompose([x, weight, bias], { eps }) {
    const mean = reduceMean(x, [-1], true);
    const centred = sub(x, mean);
    const inverse = div(scalar(1), sqrt(add(reduceMean(mul(centred, centred), [-1], true), scalar(eps))));
    return [add(mul(mul(centred, inverse), weight), bias), mean, inverse];
  },
});

export interface Affine {
  /** Default: ones. */
  readonly weight?: Tensor;
  /** Default: zeros. */
  readonly bias?: Tensor;
}

/** @param x [..., D]; weight and bias [D] */
export function layerNorm(x: Tensor, { weight, bias }: Affine, eps: number): Tensor {
  const width = x.shape.slice(-1);
  const operands = [x, weight ?? full(width, 1), bias ?? full(width, 0)];
  return apply(layerNormOp, operands, { eps })[0];
}
