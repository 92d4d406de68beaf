import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { concat } from './concat.js';
import { full } from './full.js';
import { slice } from './slice.js';

type PadAttrs = { before: readonly number[]; after: readonly number[]; value: number };

/** Surrounds `x` with `value`: `before` and `after` count the new elements of each dimension. */
export const padOp = defineOp<PadAttrs>({
  name: 'pad',
  infer([x], { before, after }) {
    const fits = [before, after].every(
      (counts) => counts.length === x.shape.length && counts.every((count) => count >= 0),
    );
    if (!fits) throw shapeError('pad', `a tensor of rank ${before.length}, counts of at least 0`, x);
    return [{ shape: x.shape.map((dim, axis) => before[axis] + dim + after[axis]), dtype: x.dtype }];
  },
  vjp({ inputs: [x], attrs: { before }, cotangents: [dy] }) {
    return [before.reduce((part, start, axis) => slice(part, axis, start, start + x.shape[axis]), dy!)];
  },
  decompose: ([x], { before, after, value }) => [
    before.reduce((part, _, axis) => {
      const edge = (count: number): Tensor[] =>
        count > 0 ? [full(part.shape.with(axis, count), value, part.dtype)] : [];
      return concat([...edge(before[axis]), part, ...edge(after[axis])], axis);
    }, x),
  ],
});

export function pad(x: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor {
  const nothing = [...before, ...after].every((count) => count === 0);
  return nothing ? x : apply1(padOp, [x], { before, after, value });
}
