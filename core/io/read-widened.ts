import { elementsOf, sizeOf, toFloat32, type FileDtype } from './dtypes.js';
import type { RandomAccessFile } from './files.js';

/** Tensors are widened piece by piece, so reading bf16 never holds the whole tensor twice. */
const PIECE_BYTES = 1 << 23;

/** A tensor whose elements lie side by side in a file, row-major. */
export interface Extent {
  readonly dtype: FileDtype;
  readonly shape: readonly number[];
  /** Counted from the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** A tensor of a file as float32. */
export async function readWidened(
  file: RandomAccessFile,
  { dtype, shape, offset, bytes }: Extent,
): Promise<Float32Array> {
  const result = new Float32Array(elementsOf(shape));
  if (dtype === 'F32') {
    await file.readInto(new Uint8Array(result.buffer), offset);
    return result;
  }
  for (let done = 0; done < bytes; done += PIECE_BYTES) {
    const piece = await file.read(offset + done, Math.min(PIECE_BYTES, bytes - done));
    const from = done / sizeOf(dtype);
    toFloat32(piece, dtype, result.subarray(from, from + piece.byteLength / sizeOf(dtype)));
  }
  return result;
}
