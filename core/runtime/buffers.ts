import type { HostTensor } from '../contracts/backend.js';
import { HOST_ARRAYS, sizeOf, type TensorSpec } from '../graph/index.js';

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
    const Values = HOST_ARRAYS[dtype];
    const bytes = size * Values.BYTES_PER_ELEMENT;
    const at = this.firstHolding(bytes);
    const block = at < this.free.length ? this.free.splice(at, 1)[0] : this.allocate(bytes);
    return { dtype, shape, data: new Values(block, 0, size) };
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
