import type { DType, Shape } from '../../core/graph/index.js';
import { sizeOf } from '../../core/graph/index.js';
import type { HostTensor } from '../../core/contracts/backend.js';

/** A tensor of the float64 oracle, row-major. Integers and booleans are whole numbers. */
export interface Value {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: Float64Array;
}

export function toValue({ dtype, shape, data }: HostTensor): Value {
  return { dtype, shape, data: Float64Array.from(data) };
}

/** A value whose elements `element` gives by index. */
export function fill(dtype: DType, shape: Shape, element: (index: readonly number[]) => number): Value {
  return { dtype, shape, data: Float64Array.from(allIndices(shape), element) };
}

/** The element at `index`; dimensions of size 1 broadcast, missing leading ones too. */
export function at({ shape, data }: Value, index: readonly number[]): number {
  const own = index.slice(index.length - shape.length);
  return data[shape.reduce((offset, dim, axis) => offset * dim + (dim === 1 ? 0 : own[axis]), 0)];
}

export function allIndices(shape: Shape): number[][] {
  return Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index = new Array<number>(shape.length);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = flat % shape[axis];
      flat = Math.floor(flat / shape[axis]);
    }
    return index;
  });
}
