import { didYouMean, SwiftError } from '../errors.js';
import type { FilePlace } from '../nn/parameter.js';
import type { FileDtype } from './dtypes.js';

/** What every weight file offers, whatever its format. */
export interface TensorInfo {
  /** The type as the file names it: `BF16` in safetensors, `Q4_K` in GGUF. */
  readonly dtype: string;
  /** Row-major, outermost dimension first; a linear weight is `[out, in]`. */
  readonly shape: readonly number[];
}

/** Named tensors on disk, read one at a time. */
export interface TensorSource {
  names(): string[];
  has(name: string): boolean;
  /** @throws SwiftError MISSING_WEIGHT */
  info(name: string): TensorInfo;
  /**
   * The tensor, widened or dequantized, in row-major order. @param room where it may be put, if it fits; taking fresh
   * memory costs more than widening @throws SwiftError MISSING_WEIGHT, BAD_FILE
   */
  readFloat32(name: string, room?: Float32Array): Promise<Float32Array>;
  /** A tensor's little-endian bytes as they are stored; absent where elements do not stand alone, as in GGUF. */
  read?(name: string): Promise<Uint8Array>;
  /** Where `read` finds a tensor's bytes; absent where they do not lie in a file as they are. */
  place?(name: string): FilePlace | undefined;
  close(): Promise<void>;
}

/** An open file of tensors whose elements stand alone: safetensors, PyTorch. */
export interface WeightFile extends TensorSource {
  readonly path: string;
  info(name: string): TensorInfo & { readonly dtype: FileDtype };
  /** A tensor's little-endian bytes, in a buffer of their own. */
  read(name: string): Promise<Uint8Array>;
}

/** Throws MISSING_WEIGHT for a tensor that `place` does not hold. */
export function missing(place: string, name: string, names: Iterable<string>): never {
  throw new SwiftError('MISSING_WEIGHT', `${place} holds no tensor '${name}'.`, {
    cure: didYouMean(name, names),
  });
}
