import { isSpec } from '../shapes.js';
import { apply1, defineOp, shapeError, type Op, type Tensor } from '../tensor.js';
import { mul } from './mul.js';

/**
 * x times int8 codes [N, K] in 8-bit arithmetic (W8A8): every row of x is scaled to a largest size of 1, for one token's
 * outliers would leave the others no bits, then all are rounded to 8 bits over their whole range, min to max, with one
 * scale and zero point (ONNX's DynamicQuantizeLinear). With `transB` x [M, K] -> [M, N], and a third operand
 * `scale` [N] multiplies the columns of the product; else x [M, N] -> [M, K].
 */
export const int8MatmulOp: Op = defineOp<{ transB: boolean }>({
  name: 'int8Matmul',
  residual: 'save',
  infer([x, codes, scale], { transB }) {
    const [rows, columns] = codes.shape;
    const [inner, outer] = transB ? [columns, rows] : [rows, columns];
    const fits =
      isSpec(codes, 'int8', [rows, columns]) &&
      isSpec(x, 'float32', [x.shape[0], inner]) &&
      (transB ? scale !== undefined && isSpec(scale, 'float32', [rows]) : scale === undefined);
    if (!fits)
      throw shapeError('int8Matmul', 'x [M, K], int8 codes [N, K] and, with transB, a scale [N]', x, codes);
    return [{ shape: [x.shape[0], outer], dtype: 'float32' }];
  },
  vjp({ inputs: [, codes, scale], attrs: { transB }, cotangents: [dy] }) {
    if (!transB) throw new Error('int8Matmul: the gradient of a gradient is not defined');
    return [apply1(int8MatmulOp, [mul(dy!, scale), codes], { transB: false })];
  },
});

/** x [M, K] times a weight [N, K] of int8 codes and `scale` [N], transposed -> [M, N]. */
export function int8Matmul(x: Tensor, codes: Tensor, scale: Tensor): Tensor {
  return apply1(int8MatmulOp, [x, codes, scale], { transB: true });
}
