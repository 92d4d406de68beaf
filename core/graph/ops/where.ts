import { broadcast } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import { zeros } from './full.js';

/** `condition ? a : b`, elementwise with broadcasting. */
export const whereOp = defineOp({
  name: 'where',
  infer([condition, a, b]) {
    if (condition.dtype !== 'bool' || a.dtype !== b.dtype)
      throw shapeError('where', 'a bool condition and operands of one dtype', condition, a, b);
    const values = { shape: broadcast('where', a, b), dtype: a.dtype };
    return [{ shape: broadcast('where', condition, values), dtype: a.dtype }];
  },
  vjp({ inputs: [condition, a, b], cotangents: [dy] }) {
    const nothing = zeros(dy!.shape);
    return [
      undefined,
      sumTo(where(condition, dy!, nothing), a.shape),
      sumTo(where(condition, nothing, dy!), b.shape),
    ];
  },
});

export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  return apply1(whereOp, [condition, a, b]);
}
