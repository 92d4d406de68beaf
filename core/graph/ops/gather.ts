import { apply1, defineOp, shapeError, sizeOf, type Tensor } from '../tensor.js';
import { reshape } from './reshape.js';
import { scatterAdd } from './scatter-add.js';

/** Rows of `x` [V, ...] picked by int32 `indices`: output [...indices, ...]. */
export const gatherOp = defineOp({
  name: 'gather',
  residual: 'save',
  infer([x, indices]) {
    if (indices.dtype !== 'int32' || x.shape.length === 0)
      throw shapeError('gather', 'a table and int32 indices', x, indices);
    return [{ shape: [...indices.shape, ...x.shape.slice(1)], dtype: x.dtype }];
  },
  vjp({ inputs: [x, indices], cotangents: [dy] }) {
    const count = sizeOf(indices.shape);
    const rows = reshape(dy!, [count, ...x.shape.slice(1)]);
    return [scatterAdd(reshape(indices, [count]), rows, x.shape[0]), undefined];
  },
});

export function gather(x: Tensor, indices: Tensor): Tensor {
  return apply1(gatherOp, [x, indices]);
}
