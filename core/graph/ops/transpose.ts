import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';

/** Permutes dimensions: output dimension `i` is input dimension `perm[i]`. */
export const transposeOp = defineOp<{ perm: readonly number[] }>({
  name: 'transpose',
  infer([x], { perm }) {
    const isPermutation = new Set(perm).size === perm.length && perm.every((axis) => axis in x.shape);
    if (perm.length !== x.shape.length || !isPermutation)
      throw shapeError('transpose', `a tensor of rank ${perm.length}, perm a permutation`, x);
    return [{ shape: perm.map((axis) => x.shape[axis]), dtype: x.dtype }];
  },
  vjp({ attrs: { perm }, cotangents: [dy] }) {
    return [
      transpose(
        dy!,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
});

export function transpose(x: Tensor, perm: readonly number[]): Tensor {
  const same = perm.length === x.shape.length && perm.every((axis, i) => axis === i);
  return same ? x : apply1(transposeOp, [x], { perm });
}
