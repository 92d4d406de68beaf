import { broadcast, requireFloat } from '../shapes.js';
import { sumTo } from '../sum-to.js';
import { apply1, defineOp, sameShape, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { matmul, matmulOp, type MatmulOptions } from './matmul.js';

type AddmmAttrs = { transA: boolean; transB: boolean; alpha: number };

/** `c + alpha · op(a) · op(b)` for 2-D a, b; `c` broadcasts to the product. One pass over the output. */
export const addmmOp = defineOp<AddmmAttrs>({
  name: 'addmm',
  residual: 'save',
  infer([c, a, b], attrs) {
    requireFloat('addmm', c, a, b);
    const flat = a.shape.length === 2 && b.shape.length === 2;
    const [rows, k] = attrs.transA ? [a.shape[1], a.shape[0]] : a.shape;
    const [inner, columns] = attrs.transB ? [b.shape[1], b.shape[0]] : b.shape;
    const product = { shape: [rows, columns], dtype: c.dtype };
    if (!flat || k !== inner || !sameShape(broadcast('addmm', c, product), product.shape))
      throw shapeError('addmm', '2-D factors and an addend that broadcasts to their product', c, a, b);
    return [product];
  },
  vjp({ inputs: [c, a, b], outputs, attrs, cotangents }) {
    const factors = matmulOp.vjp!({ inputs: [a, b], outputs, attrs, cotangents });
    return [sumTo(cotangents[0]!, c.shape), ...factors];
  },
  decompose: ([c, a, b], attrs) => [add(c, matmul(a, b, attrs))],
});

/** @param c addend, [m, n] or a shape that broadcasts to it */
export function addmm(c: Tensor, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  return apply1(addmmOp, [c, a, b], { transA: false, transB: false, alpha: 1, ...options });
}
