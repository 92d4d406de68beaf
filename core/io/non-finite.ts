/** Looking for NaN and infinity in float32 values. */

/** Index of the first value that is NaN or infinite; -1 when all are finite. */
export function firstNonFinite(values: Float32Array): number {
  // All bits of the exponent are set. Whole numbers compare several times faster than floats.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) if ((bits[i] & 0x7f800000) === 0x7f800000) return i;
  return -1;
}
