import type { DType, Shape } from './tensor.js';

export type HostData = Float32Array | Int32Array | Uint8Array | Int8Array | Uint16Array;

/** A tensor in main memory, row-major. `bool` is kept as 0/1 bytes. */
export interface HostTensor {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: HostData;
}
