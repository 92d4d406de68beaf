import { carry } from '../carry.js';
import { defineComposite } from '../composite.js';
import { requireFloat } from '../shapes.js';
import { apply, sameShape, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { iota, scalar } from './constant.js';
import { cumsum } from './cumsum.js';
import { exp } from './exp.js';
import { expand } from './expand.js';
import { greaterEqual } from './greater-equal.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { pad } from './pad.js';
import { reshape } from './reshape.js';
import type { Scanned } from './selective-scan.js';
import { slice } from './slice.js';
import { transpose } from './transpose.js';
import { where } from './where.js';

/**
 * State-space duality scan (Dao & Gu, 2024, Mamba-2): as `selectiveScan`, with one decay A <= 0 [H] per head, in chunks
 * of matrix products. x [B, T, H, P], Δ >= 0 [B, T, H], B and C [B, T, G, N] (head h reads group h·G/H), D [H], initial
 * state [B, H, P, N] -> y [B, T, H, P] and the final state.
 *
 * Decays are sums of logarithms over segments, each summed on its own; no exponent is positive.
 */
export const ssdOp = defineComposite<{ chunk: number }>({
  name: 'ssd',
  residual: 'save',
  infer([x, delta, a, b, c, d, state]) {
    requireFloat('ssd', x, delta, a, b, c, d, state);
    const [batch, length, heads, width] = x.shape;
    const [, , groups, size] = b.shape;
    const fits =
      x.shape.length === 4 &&
      sameShape(delta.shape, [batch, length, heads]) &&
      sameShape(b.shape, [batch, length, groups, size]) &&
      sameShape(c.shape, b.shape) &&
      heads % groups === 0 &&
      [a, d].every(({ shape }) => sameShape(shape, [heads])) &&
      sameShape(state.shape, [batch, heads, width, size]);
    if (!fits)
      throw shapeError(
        'ssd',
        'x [B, T, H, P], delta [B, T, H], A [H], B, C [B, T, G, N], D [H], state [B, H, P, N]',
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
    const [batch, length, heads, width] = x.shape;
    const steps = Math.min(chunk, length);
    const chunks = Math.ceil(length / steps);
    const all = batch * chunks;

    /** [B, T, n, m] -> [B·chunks, n, steps, m]; padding has Δ = 0: it neither decays the state nor adds to it. */
    const split = (part: Tensor): Tensor => {
      const padded = pad(part, [0, 0, 0, 0], [0, chunks * steps - length, 0, 0]);
      return transpose(reshape(padded, [all, steps, ...part.shape.slice(2)]), [0, 2, 1, 3]);
    };
    const perHead = (part: Tensor): Tensor => {
      const [, groups, ...own] = part.shape;
      const spread = expand(reshape(part, [all, groups, 1, ...own]), [all, groups, heads / groups, ...own]);
      return reshape(spread, [all, heads, ...own]);
    };

    const times = reshape(delta, [...delta.shape, 1]);
    const driven = split(mul(x, times));
    const logs = split(mul(times, reshape(a, [heads, 1])));
    const [keys, queries] = [split(b), split(c)];

    const segments = segmentSums(logs);
    const decays = where(notLater(steps), exp(segments), scalar(0));
    const scores = mul(perHead(matmul(queries, keys, { transB: true })), decays);
    const within = matmul(scores, driven);

    const toEnd = reshape(exp(slice(segments, 2, steps - 1, steps)), [all, heads, steps, 1]);
    const added = matmul(mul(driven, toEnd), perHead(keys), { transA: true });
    const fromStart = exp(cumsum(logs, 2));
    const { starts, last } = carry(state, { kept: slice(fromStart, 2, steps - 1, steps), added });
    const before = mul(fromStart, matmul(perHead(queries), starts, { transB: true }));

    const y = reshape(transpose(add(within, before), [0, 2, 1, 3]), [batch, chunks * steps, heads, width]);
    return [add(slice(y, 1, 0, length), mul(x, reshape(d, [heads, 1]))), last];
  },
});

/** [steps, steps], true where the column is not later than the row. */
function notLater(steps: number): Tensor {
  return greaterEqual(reshape(iota(steps), [steps, 1]), iota(steps));
}

/** logs [..., steps, 1] -> [..., steps, steps]: element t, s sums the steps after s up to t; 0 where there are none. */
function segmentSums(logs: Tensor): Tensor {
  const steps = logs.shape.at(-2)!;
  const upTo = greaterEqual(iota(steps), reshape(iota(steps), [steps, 1]));
  return cumsum(where(upTo, scalar(0), logs), -2);
}

export interface SsdOperands {
  readonly x: Tensor;
  readonly delta: Tensor;
  readonly a: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  readonly d: Tensor;
  readonly state: Tensor;
}

/** @param chunk side of the matrices; what that gives does not depend on it */
export function ssd({ x, delta, a, b, c, d, state }: SsdOperands, chunk = 64): Scanned {
  const [y, last] = apply(ssdOp, [x, delta, a, b, c, d, state], { chunk });
  return { y, state: last };
}
