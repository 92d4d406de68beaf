import { apply1, defineOp, type Tensor } from '../tensor.js';

/** x, taken for a constant by differentiation. */
export const detachOp = defineOp({
  name: 'detach',
  infer: ([x]) => [x],
  vjp: () => [undefined],
  decompose: ([x]) => [x],
});

export function detach(x: Tensor): Tensor {
  return apply1(detachOp, [x]);
}
