import { defineComposite } from '../composite.js';
import { requireFloat } from '../shapes.js';
import { apply1, sameShape, shapeError, sizeOf, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { full } from './full.js';
import { layerNorm, type Affine } from './layer-norm.js';
import { mul } from './mul.js';
import { reshape } from './reshape.js';

/**
 * Group normalization (Wu & He, 2018): each sample's channels in groups, each group normalized over its channels and
 * places. x [B, C, ...spatial], weight and bias [C].
 */
export const groupNormOp = defineComposite<{ groups: number; eps: number }>({
  name: 'groupNorm',
  infer([x, weight, bias], { groups }) {
    requireFloat('groupNorm', x, weight, bias);
    const channels = x.shape[1];
    const affine = [weight, bias].every(({ shape }) => sameShape(shape, [channels]));
    if (!affine || channels % groups !== 0)
      throw shapeError(
        'groupNorm',
        `[B, C, ...], C in ${groups} groups, weight and bias [C]`,
        x,
        weight,
        bias,
      );
    return [x];
  },
  decompose([x, weight, bias], { groups, eps }) {
    const [batch, channels, ...spatial] = x.shape;
    const rows = reshape(x, [batch, groups, sizeOf(x.shape) / (batch * groups)]);
    const normalized = reshape(layerNorm(rows, {}, eps), x.shape);
    const perChannel = [channels, ...spatial.map(() => 1)];
    return [add(mul(normalized, reshape(weight, perChannel)), reshape(bias, perChannel))];
  },
});

export function groupNorm(x: Tensor, groups: number, { weight, bias }: Affine, eps: number): Tensor {
  const channels = x.shape.slice(1, 2);
  const operands = [x, weight ?? full(channels, 1), bias ?? full(channels, 0)];
  return apply1(groupNormOp, operands, { groups, eps });
}
