import { asBytes, elementsOf, sizeOf, toFloat32, type FileDtype } from './dtypes.js';
import type { RandomAccessFile } from './files.js';

/** Tensors are widened piece by piece, so that a piece is still in the processor's caches when it is widened. */
const PIECE_BYTES = 1 << 20;

/** A tensor whose elements lie side by side in a file, row-major. */
export interface Extent {
  readonly dtype: FileDtype;
  readonly shape: readonly number[];
  /** Counted from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** A tensor of a file as float32, in `room` if that is large enough. */
export async function readWidened(
  file: RandomAccessFile,
  { dtype, shape, offset, bytes }: Extent,
  room?: Float32Array,
): Promise<Float32Array> {
  const count = elementsOf(shape);
  const result = room && room.length >= count ? room.subarray(0, count) : new Float32Array(count);
  if (dtype === 'F32') {
    await file.readInto(asBytes(result), offset);
    return result;
  }
  const piece = new Uint8Array(Math.min(PIECE_BYTES, bytes));
  for (let done = 0; done < bytes; done += PIECE_BYTES) {
    const part = piece.subarray(0, Math.min(PIECE_BYTES, bytes - done));
    await file.readInto(part, offset + done);
    const from = done / sizeOf(dtype);
    toFloat32(part, dtype, result.subarray(from, from + part.byteLength / sizeOf(dtype)));
  }
  return result;
}
