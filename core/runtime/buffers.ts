import type { HostData, HostTensor } from '../contracts/backend.js';
import { sizeOf, type DType, type TensorSpec } from '../graph/index.js';

const BYTES: Readonly<Record<DType, number>> = {
  float32: 4,
  int32: 4,
  uint16: 2,
  uint8: 1,
  int8: 1,
  bool: 1,
};

/**
 * Memory for activations, handed out and taken back. A request gets the smallest free block that holds it, whatever
 * shape the block served before, so batches of all shapes together need little more than the largest one.
 */
export class BufferPool {
  /** Free blocks by size, ascending. */
  private readonly free: ArrayBuffer[] = [];
  /** Bytes ever allocated. */
  allocatedBytes = 0;

  /** Memory of the given shape; its contents are left over from an earlier use. */
  take({ dtype, shape }: TensorSpec): HostTensor {
    const size = sizeOf(shape);
    const at = this.firstHolding(size * BYTES[dtype]);
    const block = at < this.free.length ? this.free.splice(at, 1)[0] : this.allocate(size * BYTES[dtype]);
    return { dtype, shape, data: view(dtype, block, size) };
  }

  give(tensors: Iterable<HostTensor>): void {
    for (const { data } of tensors) {
      const block = data.buffer as ArrayBuffer;
      this.free.splice(this.firstHolding(block.byteLength), 0, block);
    }
  }

  private allocate(bytes: number): ArrayBuffer {
    this.allocatedBytes += bytes;
    return new ArrayBuffer(bytes);
  }

  /** Index of the first free block of at least `bytes`. */
  private firstHolding(bytes: number): number {
    let low = 0;
    let high = this.free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.free[middle].byteLength < bytes) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function view(dtype: DType, block: ArrayBuffer, size: number): HostData {
  if (dtype === 'float32') return new Float32Array(block, 0, size);
  if (dtype === 'int32') return new Int32Array(block, 0, size);
  if (dtype === 'uint16') return new Uint16Array(block, 0, size);
  return dtype === 'int8' ? new Int8Array(block, 0, size) : new Uint8Array(block, 0, size);
}
