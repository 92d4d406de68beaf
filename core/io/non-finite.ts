/** Looking for NaN and infinity in float32 values. */
import { SwiftError } from '../errors.js';

/** Index of the first value that is NaN or infinite; -1 when all are finite. */
export function firstNonFinite(values: Float32Array): number {
  // All bits of the exponent are set. Whole numbers compare several times faster than floats.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) if ((bits[i] & 0x7f800000) === 0x7f800000) return i;
  return -1;
}

/** @param what says in a message whose tensor it is @throws SwiftError NON_FINITE_WEIGHT */
export function requireFinite(values: Float32Array, what: string, cure: string): void {
  const at = firstNonFinite(values);
  if (at < 0) return;
  throw new SwiftError('NON_FINITE_WEIGHT', `${what}: value ${at} is ${values[at]}`, { cure, exitCode: 1 });
}
