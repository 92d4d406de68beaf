/** The 8-bit float e4m3fn: sign, 4 bits of exponent around 7, 3 of mantissa; no infinity, one NaN of either sign. */

const NAN = 0x7f;

function valueOf(code: number): number {
  const [sign, exponent, mantissa] = [code & 0x80 ? -1 : 1, (code >> 3) & 15, code & 7];
  // What is no number is looked for by `requireNumbers`.
  if ((code & NAN) === NAN) return 0;
  return sign * (exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10));
}

/** By code. */
export const E4M3_VALUES: readonly number[] = Array.from({ length: 256 }, (_, code) => valueOf(code));

/** Makes the scale of a group that holds NaN one, so that the weight is refused. */
export function requireNumbers(codes: Uint8Array, group: number, scales: Float32Array): void {
  for (let i = 0; i < codes.length; i++) if ((codes[i] & NAN) === NAN) scales[Math.floor(i / group)] = NaN;
}
