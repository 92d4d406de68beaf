import { isNumeric, normalizeAxis } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { iota, scalar } from './constant.js';
import { equal } from './equal.js';
import { neg } from './neg.js';
import { reduceMax } from './reduce-max.js';
import { reshape } from './reshape.js';
import { where } from './where.js';

/** Index of the maximum along one axis, which stays with size 1; the first of equal ones. int32. */
export const argmaxOp = defineOp<{ axis: number }>({
  name: 'argmax',
  infer([x], { axis }) {
    if (!isNumeric(x) || !(axis in x.shape)) throw shapeError('argmax', `numbers with axis ${axis}`, x);
    return [{ shape: x.shape.with(axis, 1), dtype: 'int32' }];
  },
  decompose([x], { axis }) {
    const count = x.shape[axis];
    const order = reshape(iota(count), [count, ...x.shape.slice(axis + 1).map(() => 1)]);
    const isMax = equal(x, reduceMax(x, [axis], true));
    return [neg(reduceMax(where(isMax, neg(order), scalar(-count, 'int32')), [axis], true))];
  },
});

export function argmax(x: Tensor, axis = -1): Tensor {
  return apply1(argmaxOp, [x], { axis: normalizeAxis(axis, x.shape.length) });
}
