import { sizeOf, type DType, type Shape, type TensorSpec } from './tensor.js';

export type HostData = Float32Array | Int32Array | Uint8Array | Int8Array | Uint16Array;

/** A tensor in main memory, row-major. `bool` is kept as 0/1 bytes. */
export interface HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: HostData;
}

/** How each dtype lies in memory. */
export const HOST_ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const;

/** A tensor of zeros. */
export function hostZeros({ dtype, shape }: TensorSpec): HostTensor {
  return { dtype, shape, data: new HOST_ARRAYS[dtype](sizeOf(shape)) };
}
