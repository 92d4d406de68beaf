/** The 8-bit float e4m3fn: sign, 4 bits of exponent around 7, 3 of mantissa; no infinity, one NaN of either sign. */

import type { CodeFormat } from 'swift-ts/graph';
import type { StoredWeight } from 'swift-ts/nn';
import type { CodedTensors } from 'swift-ts/plugin';
import { heldGroup } from './_groups.js';

const NAN = 0x7f;

function valueOf(code: number): number {
  const [sign, exponent, mantissa] = [code & 0x80 ? -1 : 1, (code >> 3) & 15, code & 7];
  if ((code & NAN) === NAN) return NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -9 : (8 + mantissa) * 2 ** (exponent - 10));
}

/** By code. */
export const E4M3_VALUES: readonly number[] = Array.from({ length: 256 }, (_, code) => valueOf(code));

/** Makes the scale of a group that holds NaN one, so that the weight is refused. */
function requireNumbers(codes: Uint8Array, group: number, scales: Float32Array): void {
  for (let i = 0; i < codes.length; i++) if ((codes[i] & NAN) === NAN) scales[Math.floor(i / group)] = NaN;
}

/**
 * A value is its code's times the scale of its block; blocks at the edges are cut.
 * @param tensors the codes by the word `codes`
 * @param scales one per block of `high` rows and `wide` columns, row-major
 */
export function e4m3Weight(
  tensors: CodedTensors,
  [rows, columns]: readonly [number, number],
  scales: Float32Array,
  [high, wide]: readonly number[],
): StoredWeight {
  const shape = [rows, columns];
  const across = Math.ceil(columns / wide);
  if (scales.length !== Math.ceil(rows / high) * across)
    throw tensors.error(
      `has ${scales.length} scales, expected one per block of [${Math.min(high, rows)}, ${Math.min(wide, columns)}]`,
    );
  const group = heldGroup(columns, wide);
  const grouped = [rows, columns / group];
  const held = new Float32Array(grouped[0] * grouped[1]);
  for (let row = 0, at = 0; row < rows; row++) {
    const from = Math.floor(row / high) * across;
    for (let i = 0; i < grouped[1]; i++, at++) held[at] = scales[from + Math.floor((i * group) / wide)];
  }
  const codes = tensors.take('codes', 'bytes', shape);
  if (codes.length !== rows * columns) throw tensors.error('is not stored in FP8');
  requireNumbers(codes, group, held);
  const format: CodeFormat = {
    name: 'fp8',
    packing: 'uint8',
    group,
    zero: 0,
    scale: 'float32',
    table: E4M3_VALUES,
  };
  return {
    format,
    shape,
    parts: [
      { dtype: 'uint8', shape, data: codes },
      { dtype: 'float32', shape: grouped, data: held },
    ],
  };
}
