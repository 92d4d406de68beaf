import { scalar } from './constant.js';
import { expand } from './expand.js';
import type { DType, Shape, Tensor } from '../tensor.js';

/** A tensor filled with one value. */
export function full(shape: Shape, value: number, dtype: DType = 'float32'): Tensor {
  return expand(scalar(value, dtype), shape);
}

export function zeros(shape: Shape): Tensor {
  return full(shape, 0);
}
