import { isNumeric } from '../shapes.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { iota, scalar } from './constant.js';
import { equal } from './equal.js';
import { neg } from './neg.js';
import { reduceMax } from './reduce-max.js';
import { where } from './where.js';

/** Index of the maximum along the last axis, the first of equal ones: int32 [..., 1]. */
export const argmaxOp = defineOp({
  name: 'argmax',
  infer([x]) {
    if (!isNumeric(x) || x.shape.length === 0) throw shapeError('argmax', 'numbers with a last axis', x);
    return [{ shape: [...x.shape.slice(0, -1), 1], dtype: 'int32' }];
  },
  decompose([x]) {
    const width = x.shape.at(-1)!;
    const isMax = equal(x, reduceMax(x, [-1], true));
    const earliest = reduceMax(where(isMax, neg(iota(width)), scalar(-width, 'int32')), [-1], true);
    return [neg(earliest)];
  },
});

export function argmax(x: Tensor): Tensor {
  return apply1(argmaxOp, [x]);
}
