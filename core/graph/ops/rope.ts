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
 * Rotary position embedding (Su et al., 2021) of the first d dimensions of every head; the others pass. Half-split (the
 * Llama layout): dimension i turns with i + d/2. Interleaved (the GPT-J layout): 2i turns with 2i + 1.
 * x [B, T, heads·hd], cos and sin tables [positions, d/2], position_ids int32 [B, T].
 */
export const ropeOp = defineOp<{ heads: number; interleaved: boolean }>({
  name: 'rope',
  residual: 'save',
  infer([x, cos, sin, positions], { heads }) {
    requireFloat('rope', x, cos, sin);
    const fits =
      x.shape.length === 3 &&
      x.shape[2] % heads === 0 &&
      cos.shape[1] * 2 * heads <= x.shape[2] &&
      isSpec(sin, cos.dtype, cos.shape) &&
      isSpec(positions, 'int32', x.shape.slice(0, 2));
    if (!fits)
      throw shapeError(
        'rope',
        '[B, T, heads·hd], two tables [S, d/2] with d <= hd and ids [B, T]',
        x,
        cos,
        sin,
        positions,
      );
    return [x];
  },
  vjp({ inputs: [, cos, sin, positions], attrs, cotangents: [dy] }) {
    return [rope(dy!, cos, neg(sin), positions, attrs), undefined, undefined, undefined];
  },
  decompose([x, cos, sin, positions], { heads, interleaved }) {
    const [batch, length, width] = x.shape;
    const half = cos.shape[1];
    const split = reshape(x, [batch, length, heads, width / heads]);
    // Pairs lie beside each other on an axis of their own: before the halves, or behind the pairs.
    const [pairs, axis] = interleaved ? [[half, 2], 4] : [[2, half], 3];
    const lead = [batch, length, heads];
    const turning = reshape(slice(split, 3, 0, 2 * half), [...lead, ...pairs]);
    const table = (values: Tensor): Tensor =>
      reshape(gather(values, positions), [batch, length, 1, ...(interleaved ? [half, 1] : [1, half])]);
    const [c, s] = [table(cos), table(sin)];
    const [first, second] = [slice(turning, axis, 0, 1), slice(turning, axis, 1, 2)];
    const turned = concat([sub(mul(first, c), mul(second, s)), add(mul(second, c), mul(first, s))], axis);
    const passed = 2 * half * heads < width ? [slice(split, 3, 2 * half, width / heads)] : [];
    return [reshape(concat([reshape(turned, [...lead, 2 * half]), ...passed], 3), x.shape)];
  },
});

/** The same, whose tables are learned: `rope` gives them no gradient. */
export function learnedRope(
  x: Tensor,
  cos: Tensor,
  sin: Tensor,
  positions: Tensor,
  { heads, interleaved = false }: RopeOptions,
): Tensor {
  ropeOp.infer([x, cos, sin, positions], { heads, interleaved });
  return ropeOp.decompose!([x, cos, sin, positions], { heads, interleaved })[0];
}

export interface RopeOptions {
  readonly heads: number;
  /** Which dimensions turn together; half-split when absent. */
  readonly interleaved?: boolean;
}

export function rope(
  x: Tensor,
  cos: Tensor,
  sin: Tensor,
  positions: Tensor,
  { heads, interleaved = false }: RopeOptions,
): Tensor {
  return apply1(ropeOp, [x, cos, sin, positions], { heads, interleaved });
}
