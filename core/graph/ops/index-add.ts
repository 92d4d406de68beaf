import { isNumeric } from '../shapes.js';
import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { gather } from './gather.js';
import { scatterAdd } from './scatter-add.js';

/** `table` [V, ...] with rows of `updates` [N, ...] added at int32 `indices` [N]. */
export const indexAddOp = defineOp({
  name: 'indexAdd',
  infer([table, indices, updates]) {
    const fits =
      isNumeric(table) &&
      table.dtype === updates.dtype &&
      indices.dtype === 'int32' &&
      indices.shape.length === 1 &&
      sameShape(updates.shape, [indices.shape[0], ...table.shape.slice(1)]);
    if (!fits)
      throw shapeError(
        'indexAdd',
        'a table, int32 indices [N] and updates [N, ...]',
        table,
        indices,
        updates,
      );
    return [table];
  },
  vjp({ inputs: [, indices], cotangents: [dy] }) {
    return [dy, undefined, gather(dy!, indices)];
  },
  decompose: ([table, indices, updates]) => [add(table, scatterAdd(indices, updates, table.shape[0]))],
});

export function indexAdd(table: Tensor, indices: Tensor, updates: Tensor): Tensor {
  return apply1(indexAddOp, [table, indices, updates]);
}
