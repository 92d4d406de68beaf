/** Looking for NaN and infinity. */
import { SwiftError } from '../errors.js';

/** Index of the first value that is NaN or infinite; -1 when all are finite. */
export function firstNonFinite(values: Float32Array): number {
  // All bits of the exponent are set. Whole numbers compare several times faster than floats.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) if ((bits[i] & 0x7f800000) === 0x7f800000) return i;
  return -1;
}

/** The same of the bits of 16-bit floats. */
export function firstNonFiniteHalf(bits: Uint16Array, format: 'f16' | 'bf16'): number {
  const exponent = format === 'f16' ? 0x7c00 : 0x7f80;
  for (let i = 0; i < bits.length; i++) if ((bits[i] & exponent) === exponent) return i;
  return -1;
}

/** @param what says in a message whose tensor it is @throws SwiftError NON_FINITE_WEIGHT */
export function requireFinite(values: Float32Array, what: string, cure: string): void {
  const at = firstNonFinite(values);
  if (at < 0) return;
  throw new SwiftError('NON_FINITE_WEIGHT', `${what}: value ${at} is ${values[at]}`, { cure, exitCode: 1 });
}
