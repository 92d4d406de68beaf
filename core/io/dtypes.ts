/**
 * Element types of weight files and their conversion to and from float32.
 * Names are those of the safetensors format. All data is little-endian, as is every machine Node runs on.
 */
import { SwiftError } from '../errors.js';

const SIZES = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;

export type FileDtype = keyof typeof SIZES;

export const FILE_DTYPES = Object.keys(SIZES) as readonly FileDtype[];

/** Any contiguous view; how its bytes are read is told by the dtype beside it, not by the view's class. */
export type Bytes = ArrayBufferView;

export function isFileDtype(name: unknown): name is FileDtype {
  return typeof name === 'string' && Object.hasOwn(SIZES, name);
}

/** Bytes of one element. */
export function sizeOf(dtype: FileDtype): number {
  return SIZES[dtype];
}

/** Number of elements of a shape; a scalar (`[]`) has one. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** bfloat16 bits to float32; exact. */
export function bf16ToF32(
  source: Uint16Array,
  target: Float32Array = new Float32Array(source.length),
): Float32Array {
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i] << 16;
  return target;
}

/** float32 to bfloat16 bits, to nearest, ties to even. NaN stays NaN (quiet), overflow becomes infinity. */
export function f32ToBf16(
  source: Float32Array,
  target: Uint16Array = new Uint16Array(source.length),
): Uint16Array {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) {
    const x = bits[i];
    // Rounding would carry a NaN's payload over into infinity or zero, so NaN is truncated and made quiet.
    target[i] = (x & 0x7fffffff) > 0x7f800000 ? (x >>> 16) | 0x40 : (x + 0x7fff + ((x >>> 16) & 1)) >>> 16;
  }
  return target;
}

let halves: Uint32Array | undefined;

/** All 65,536 halves as float32 bits (256 KiB), made once: a table look-up is several times faster than shifting. */
function halfTable(): Uint32Array {
  if (halves) return halves;
  const table = new Uint32Array(65536);
  const value = new Float32Array(1);
  const bits = new Uint32Array(value.buffer);
  for (let half = 0; half < 32768; half++) {
    const exponent = half >>> 10;
    const mantissa = half & 0x3ff;
    if (exponent === 31) bits[0] = 0x7f800000 | (mantissa << 13);
    else if (exponent > 0) bits[0] = ((exponent + 112) << 23) | (mantissa << 13);
    else value[0] = mantissa * 2 ** -24;
    table[half] = bits[0];
    table[half | 0x8000] = bits[0] | 0x80000000;
  }
  return (halves = table);
}

/** The value of every float16 bit pattern, by pattern; for formats that mix halves with other data. */
export function halfValues(): Float32Array {
  return new Float32Array(halfTable().buffer);
}

/** float16 bits to float32; exact. */
export function f16ToF32(
  source: Uint16Array,
  target: Float32Array = new Float32Array(source.length),
): Float32Array {
  const table = halfTable();
  const bits = new Uint32Array(target.buffer, target.byteOffset, source.length);
  for (let i = 0; i < source.length; i++) bits[i] = table[source[i]];
  return target;
}

/** float32 to float16 bits, to nearest, ties to even. Above 65,519.996 becomes infinity; NaN stays NaN. */
export function f32ToF16(
  source: Float32Array,
  target: Uint16Array = new Uint16Array(source.length),
): Uint16Array {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    target[i] = sign | halfMagnitude(bits[i] & 0x7fffffff);
  }
  return target;
}

function halfMagnitude(x: number): number {
  if (x >= 0x47800000) return x > 0x7f800000 ? 0x7e00 | ((x >>> 13) & 0x3ff) : 0x7c00;
  if (x >= 0x38800000) return (x + 0xfff + ((x >>> 13) & 1) - 0x38000000) >>> 13;
  if (x < 0x33000000) return 0;
  const shift = 126 - (x >>> 23);
  const mantissa = (x & 0x7fffff) | 0x800000;
  return (mantissa + (1 << (shift - 1)) - 1 + ((mantissa >>> shift) & 1)) >>> shift;
}

const E4M3 = Float32Array.from({ length: 256 }, (_, code) => {
  const exponent = (code >>> 3) & 15;
  const mantissa = code & 7;
  const sign = code & 0x80 ? -1 : 1;
  if ((code & 0x7f) === 0x7f) return NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10));
});

/**
 * Raw elements to float32: exact for types that fit, else rounded to nearest (F64, 32- and 64-bit integers).
 * `bytes` must start at a multiple of the element size in its buffer. BOOL becomes 0 or 1.
 */
export function toFloat32(bytes: Uint8Array, dtype: FileDtype, target?: Float32Array): Float32Array {
  const { buffer, byteOffset: at, byteLength } = bytes;
  const count = byteLength / SIZES[dtype];
  const result = target ?? new Float32Array(count);
  switch (dtype) {
    case 'F32':
      result.set(new Float32Array(buffer, at, count));
      return result;
    case 'BF16':
      return bf16ToF32(new Uint16Array(buffer, at, count), result);
    case 'F16':
      return f16ToF32(new Uint16Array(buffer, at, count), result);
    case 'F64':
      result.set(new Float64Array(buffer, at, count));
      return result;
    case 'I64':
    case 'U64':
      return wideIntegers(new Uint32Array(buffer, at, count * 2), dtype === 'I64', result);
    case 'I32':
      result.set(new Int32Array(buffer, at, count));
      return result;
    case 'U32':
      result.set(new Uint32Array(buffer, at, count));
      return result;
    case 'I16':
      result.set(new Int16Array(buffer, at, count));
      return result;
    case 'U16':
      result.set(new Uint16Array(buffer, at, count));
      return result;
    case 'I8':
      result.set(new Int8Array(buffer, at, count));
      return result;
    case 'U8':
      result.set(bytes);
      return result;
    case 'BOOL':
      for (let i = 0; i < count; i++) result[i] = bytes[i] === 0 ? 0 : 1;
      return result;
    case 'F8_E4M3':
      for (let i = 0; i < count; i++) result[i] = E4M3[bytes[i]];
      return result;
    case 'F8_E5M2': {
      // The upper half of a float16.
      const table = halfTable();
      const bits = new Uint32Array(result.buffer, result.byteOffset, count);
      for (let i = 0; i < count; i++) bits[i] = table[bytes[i] << 8];
      return result;
    }
  }
}

function wideIntegers(words: Uint32Array, signed: boolean, target: Float32Array): Float32Array {
  for (let i = 0; i < target.length; i++) {
    const high = words[2 * i + 1];
    target[i] = (signed ? high | 0 : high) * 2 ** 32 + words[2 * i];
  }
  return target;
}

/**
 * float32 values as the raw elements of `dtype`, rounded to nearest even. F32 shares memory with `values`.
 * @throws SwiftError UNSUPPORTED_DTYPE for a dtype that is not a float of 16 bits or more
 */
export function fromFloat32(values: Float32Array, dtype: FileDtype): Uint8Array {
  switch (dtype) {
    case 'F32':
      return asBytes(values);
    case 'F16':
      return asBytes(f32ToF16(values));
    case 'BF16':
      return asBytes(f32ToBf16(values));
    case 'F64':
      return asBytes(new Float64Array(values));
    default:
      throw new SwiftError('UNSUPPORTED_DTYPE', `Float32 values cannot be stored as ${dtype}.`, {
        cure: 'Use F32, F16, BF16 or F64, or hand over the raw bytes.',
      });
  }
}

/** The bytes of a view, without a copy. */
export function asBytes(view: Bytes): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
