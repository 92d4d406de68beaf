import { isSpec, requireFloat } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { concat } from './concat.js';
import { gather } from './gather.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';
import { sub } from './sub.js';

/**
 * Rotary position embedding, half-split form (Su et al., 2021; the Llama layout): dimension i turns with i + hd/2.
 * x [B, T, heads·hd], cos and sin tables [positions, hd/2], position_ids int32 [B, T].
 */
export const ropeOp = defineOp<{ heads: number }>({
  name: 'rope',
  residual: 'save',
  infer([x, cos, sin, positions], { heads }) {
    requireFloat('rope', x, cos, sin);
    const fits =
      x.shape.length === 3 &&
      cos.shape[1] * 2 * heads === x.shape[2] &&
      isSpec(sin, cos.dtype, cos.shape) &&
      isSpec(positions, 'int32', x.shape.slice(0, 2));
    if (!fits)
      throw shapeError(
        'rope',
        '[B, T, heads·hd], two tables [S, hd/2] and ids [B, T]',
        x,
        cos,
        sin,
        positions,
      );
    return [x];
  },
  vjp({ inputs: [, cos, sin, positions], attrs, cotangents: [dy] }) {
    return [rope(dy!, cos, neg(sin), positions, attrs.heads), undefined, undefined, undefined];
  },
  decompose([x, cos, sin, positions], { heads }) {
    const [batch, length, width] = x.shape;
    const half = width / heads / 2;
    const table = (values: Tensor): Tensor => reshape(gather(values, positions), [batch, length, 1, half]);
    const [c, s] = [table(cos), table(sin)];
    const split = reshape(x, [batch, length, heads, 2 * half]);
    const [first, second] = [slice(split, 3, 0, half), slice(split, 3, half, 2 * half)];
    const turned = concat([sub(mul(first, c), mul(second, s)), add(mul(second, c), mul(first, s))], 3);
    return [reshape(turned, x.shape)];
  },
});

export function rope(x: Tensor, cos: Tensor, sin: Tensor, positions: Tensor, heads: number): Tensor {
  return apply1(ropeOp, [x, cos, sin, positions], { heads });
}
