import { apply1, defineOp, sameShape, shapeError, sizeOf, type Tensor, type TensorSpec } from '../tensor.js';
import { requireFloat } from '../shapes.js';
import { reshape } from './reshape.js';

export interface MatmulOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Factor on the product. */
  readonly alpha?: number;
}

type MatmulAttrs = { transA: boolean; transB: boolean; alpha: number };

/** `alpha · op(a) · op(b)` over the last two dimensions; leading dimensions are equal. */
export const matmulOp = defineOp<MatmulAttrs>({
  name: 'matmul',
  residual: 'save',
  infer([a, b], { transA, transB }) {
    const [m, k] = matrixDims(a, transA);
    const [inner, n] = matrixDims(b, transB);
    const lead = a.shape.slice(0, -2);
    requireFloat('matmul', a, b);
    if (Math.min(a.shape.length, b.shape.length) < 2 || k !== inner || !sameShape(lead, b.shape.slice(0, -2)))
      throw shapeError(
        `matmul(transA ${transA}, transB ${transB})`,
        'matrices whose inner dimensions agree',
        a,
        b,
      );
    return [{ shape: [...lead, m, n], dtype: 'float32' }];
  },
  vjp({ inputs: [a, b], attrs: { transA, transB, alpha }, cotangents: [dy] }) {
    const g = dy!;
    const da = transA
      ? matmul(b, g, { transA: transB, transB: true, alpha })
      : matmul(g, b, { transB: !transB, alpha });
    const db = transB
      ? matmul(g, a, { transA: true, transB: transA, alpha })
      : matmul(a, g, { transA: !transA, alpha });
    return [da, db];
  },
});

function matrixDims({ shape }: TensorSpec, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
}

/**
 * Matrix product. A 2-D `b` multiplies every matrix of a higher-rank, untransposed `a`.
 * @param a [..., m, k] (or [..., k, m] with transA)
 * @param b [..., k, n] (or [..., n, k] with transB)
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const attrs = { transA: false, transB: false, alpha: 1, ...options };
  if (a.shape.length > 2 && b.shape.length === 2 && !attrs.transA) {
    const [k] = a.shape.slice(-1);
    const flat = apply1(matmulOp, [reshape(a, [sizeOf(a.shape) / k, k]), b], attrs);
    return reshape(flat, [...a.shape.slice(0, -1), flat.shape[1]]);
  }
  return apply1(matmulOp, [a, b], attrs);
}
