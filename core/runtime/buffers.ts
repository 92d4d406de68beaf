import type { HostData, HostTensor } from '../contracts/backend.js';
import { sizeOf, type DType, type TensorSpec } from '../graph/index.js';

/** Memory for activations, handed out and taken back, so that a run's peak is reached in its first step. */
export class BufferPool {
  private readonly free = new Map<string, HostData[]>();
  /** Bytes ever allocated. */
  allocatedBytes = 0;

  /** Memory of the given shape; its contents are left over from an earlier use. */
  take({ dtype, shape }: TensorSpec): HostTensor {
    const size = sizeOf(shape);
    const held = this.free.get(`${dtype}:${size}`)?.pop();
    if (held) return { dtype, shape, data: held };
    const data = allocate(dtype, size);
    this.allocatedBytes += data.byteLength;
    return { dtype, shape, data };
  }

  give(tensors: Iterable<HostTensor>): void {
    for (const { dtype, data } of tensors) {
      const key = `${dtype}:${data.length}`;
      const shelf = this.free.get(key);
      if (shelf) shelf.push(data);
      else this.free.set(key, [data]);
    }
  }
}

function allocate(dtype: DType, size: number): HostData {
  if (dtype === 'float32') return new Float32Array(size);
  if (dtype === 'int32') return new Int32Array(size);
  return new Uint8Array(size);
}
