import { isNumeric, normalizeAxis } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { concat } from './concat.js';
import { full } from './full.js';
import { slice } from './slice.js';

/** Running sums along one axis, each element included; `reverse` runs from the end. float32 or int32. */
export const cumsumOp = defineOp<{ axis: number; reverse: boolean }>({
  name: 'cumsum',
  infer([x], { axis }) {
    if (!(axis in x.shape) || !isNumeric(x)) throw shapeError('cumsum', `numbers with axis ${axis}`, x);
    return [x];
  },
  vjp({ attrs: { axis, reverse }, cotangents: [dy] }) {
    return [cumsum(dy!, axis, { reverse: !reverse })];
  },
  // Doubles the window that each sum covers (Hillis & Steele, 1986).
  decompose([x], { axis, reverse }) {
    const length = x.shape[axis];
    let sums = x;
    for (let window = 1; window < length; window *= 2) {
      const nothing = full(x.shape.with(axis, window), 0, x.dtype);
      const shifted = reverse
        ? [slice(sums, axis, window, length), nothing]
        : [nothing, slice(sums, axis, 0, length - window)];
      sums = add(sums, concat(shifted, axis));
    }
    return [sums];
  },
});

export function cumsum(x: Tensor, axis: number, { reverse = false }: { reverse?: boolean } = {}): Tensor {
  return apply1(cumsumOp, [x], { axis: normalizeAxis(axis, x.shape.length), reverse });
}
