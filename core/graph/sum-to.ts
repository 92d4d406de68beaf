import { reduceSum } from './ops/reduce-sum.js';
import { reshape } from './ops/reshape.js';
import { sameShape, type Shape, type Tensor } from './tensor.js';

/** Undoes broadcasting: sums a cotangent back to the shape its operand had. */
export function sumTo(tensor: Tensor, shape: Shape): Tensor {
  if (sameShape(tensor.shape, shape)) return tensor;
  const lead = tensor.shape.length - shape.length;
  const axes = tensor.shape
    .map((_, i) => i)
    .filter((i) => i < lead || (shape[i - lead] === 1 && tensor.shape[i] !== 1));
  return reshape(axes.length > 0 ? reduceSum(tensor, axes, true) : tensor, shape);
}
