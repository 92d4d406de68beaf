import { defineComposite } from '../composite.js';
import { requireFloat } from '../shapes.js';
import { apply, sameShape, shapeError, type Tensor } from '../tensor.js';
import { carry } from '../carry.js';
import { add } from './add.js';
import { concat } from './concat.js';
import { exp } from './exp.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { pad } from './pad.js';
import { reduceSum } from './reduce-sum.js';
import { reshape } from './reshape.js';
import { slice } from './slice.js';

/**
 * Selective state-space scan, S6 (Gu & Dao, 2023, Mamba): h[t] = exp(Δ[t]·A)·h[t−1] + Δ[t]·B[t]·x[t],
 * y[t] = C[t]·h[t] + D·x[t]. x and Δ >= 0 [B, T, E], A <= 0 [E, N], B and C [B, T, N], D [E], initial state
 * [B, E, N] -> y [B, T, E] and the final state [B, E, N].
 *
 * All chunks take their steps side by side, first from nothing to learn what each adds to the state, then from the
 * state it starts with. No exponent is positive, whatever the length.
 */
export const selectiveScanOp = defineComposite<{ chunk: number }>({
  name: 'selectiveScan',
  residual: 'save',
  infer([x, delta, a, b, c, d, state]) {
    requireFloat('selectiveScan', x, delta, a, b, c, d, state);
    const [batch, length, width] = x.shape;
    const size = a.shape[1];
    const fits =
      x.shape.length === 3 &&
      sameShape(delta.shape, x.shape) &&
      sameShape(a.shape, [width, size]) &&
      [b, c].every(({ shape }) => sameShape(shape, [batch, length, size])) &&
      sameShape(d.shape, [width]) &&
      sameShape(state.shape, [batch, width, size]);
    if (!fits)
      throw shapeError(
        'selectiveScan',
        'x, delta [B, T, E], A [E, N], B, C [B, T, N], D [E], state [B, E, N]',
        x,
        delta,
        a,
        b,
        c,
        d,
        state,
      );
    return [x, state];
  },
  decompose([x, delta, a, b, c, d, state], { chunk }) {
    const [batch, length, width] = x.shape;
    const steps = Math.min(chunk, length);
    const chunks = Math.ceil(length / steps);
    // Padding has Δ = 0: it neither decays the state nor adds to it.
    const split = (part: Tensor): Tensor =>
      reshape(pad(part, [0, 0, 0], [0, chunks * steps - length, 0]), [batch * chunks, steps, part.shape[2]]);
    const column = (part: Tensor, t: number): Tensor =>
      reshape(slice(part, 1, t, t + 1), [batch * chunks, part.shape[2], 1]);
    const row = (part: Tensor, t: number): Tensor => slice(part, 1, t, t + 1);

    const [times, driven, keys, queries] = [split(delta), split(mul(delta, x)), split(b), split(c)];
    const moves = Array.from({ length: steps }, (_, t) => ({
      decay: exp(mul(column(times, t), a)),
      gain: mul(column(driven, t), row(keys, t)),
    }));

    const [first, ...rest] = moves;
    const added = rest.reduce((held, { decay, gain }) => add(mul(decay, held), gain), first.gain);
    const kept = exp(mul(reshape(reduceSum(times, [1]), [batch * chunks, width, 1]), a));
    const { starts, last } = carry(state, { kept, added });

    let held = starts;
    const outputs = moves.map(({ decay, gain }, t) => {
      held = add(mul(decay, held), gain);
      return reshape(matmul(held, column(queries, t)), [batch * chunks, 1, width]);
    });
    const y = reshape(concat(outputs, 1), [batch, chunks * steps, width]);
    return [add(slice(y, 1, 0, length), mul(d, x)), last];
  },
});

export interface SelectiveScanOperands {
  readonly x: Tensor;
  readonly delta: Tensor;
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  readonly d: Tensor;
  readonly state: Tensor;
}

/** A scan's outputs, and the state to go on from. */
export interface Scanned {
  readonly y: Tensor;
  readonly state: Tensor;
}

/** @param chunk steps that are taken one after another; what that gives does not depend on it */
export function selectiveScan(operands: SelectiveScanOperands, chunk = 32): Scanned {
  const { x, delta, a, b, c, d, state } = operands;
  const [y, last] = apply(selectiveScanOp, [x, delta, a, b, c, d, state], { chunk });
  return { y, state: last };
}
