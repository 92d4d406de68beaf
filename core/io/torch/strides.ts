/** Tensors that lie otherwise than row-major, e.g. transposed: PyTorch saves them as they are. */
import { elementsOf } from '../dtypes.js';

export interface Strided {
  readonly shape: readonly number[];
  /** Elements between neighbours of each dimension. */
  readonly stride: readonly number[];
  /** Bytes of an element: 1, 2, 4 or 8. */
  readonly size: number;
}

/** Whether the elements lie side by side, the last dimension's next to each other. */
export function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  if (elementsOf(shape) === 0) return true;
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && stride[i] !== expected) return false;
    expected *= shape[i];
  }
  return true;
}

/** The elements in row-major order. `source` begins with the first of them. */
export function rowMajor(source: Uint8Array, { shape, stride, size }: Strided): Uint8Array {
  if (size === 8) {
    const halves = stride.map((step) => 2 * step);
    return rowMajor(source, { shape: [...shape, 2], stride: [...halves, 1], size: 4 });
  }
  const from = words(size, source.buffer, source.byteOffset, source.byteLength / size);
  const to = words(size, new ArrayBuffer(elementsOf(shape) * size));
  const last = shape.length - 1;
  const at = new Array<number>(shape.length).fill(0);
  let start = 0;
  for (let done = 0; done < to.length;) {
    for (let i = 0; i < shape[last]; i++) to[done++] = from[start + i * stride[last]];
    for (let i = last - 1; i >= 0; i--) {
      start += stride[i];
      if (++at[i] < shape[i]) break;
      start -= shape[i] * stride[i];
      at[i] = 0;
    }
  }
  return new Uint8Array(to.buffer);
}

type Words = Uint8Array | Uint16Array | Uint32Array;

function words(size: number, ...place: [ArrayBufferLike, number?, number?]): Words {
  return size === 1
    ? new Uint8Array(...place)
    : size === 2
      ? new Uint16Array(...place)
      : new Uint32Array(...place);
}
