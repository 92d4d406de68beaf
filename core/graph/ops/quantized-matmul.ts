import { apply1, defineOp, shapeError, type Tensor } from '../tensor.js';
import type { WeightLayout } from '../weight-layout.js';
import { dequantizeOp, inOrderOf, plainLayout, weightOperands, type DequantizeAttrs } from './dequantize.js';
import { matmul } from './matmul.js';

/**
 * x [M, K] times a stored weight [N, K], transposed -> [M, N]. The arithmetic is float32 unless a backend holds the
 * weight as a constant. Its gradient reads the weight's values, which are computed anew in backward.
 */
export const quantizedMatmulOp = defineOp<DequantizeAttrs>({
  name: 'quantizedMatmul',
  residual: 'save',
  infer([x, ...operands], layout) {
    dequantizeOp.infer(operands, layout);
    const [rows, columns] = layout.shape;
    if (layout.shape.length !== 2 || x.dtype !== 'float32' || x.shape.length !== 2 || x.shape[1] !== columns)
      throw shapeError('quantizedMatmul', `float32 [M, K] and a weight [N, K] of [${layout.shape}]`, x);
    return [{ shape: [x.shape[0], rows], dtype: 'float32' }];
  },
  vjp({ inputs: [, ...operands], attrs, cotangents: [dy] }) {
    return [matmul(dy!, apply1(dequantizeOp, operands, attrs))];
  },
  decompose: ([x, ...operands], attrs) => [
    matmul(x, apply1(dequantizeOp, operands, attrs), { transB: true }),
  ],
});

/** @param parts as `partSpecs(layout)` */
export function quantizedMatmul(x: Tensor, parts: readonly Tensor[], layout: WeightLayout): Tensor {
  const operands = [inOrderOf(x, parts, layout), ...weightOperands(parts, layout)];
  return apply1(quantizedMatmulOp, operands, plainLayout(layout));
}
