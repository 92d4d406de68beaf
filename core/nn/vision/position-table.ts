/** Learned positions of a square, stretched over pictures of any size: told on the host, so that the table itself trains. */
import type { Grid } from '../media/tower.js';
import { placeOf } from './patch-layout.js';

export interface PositionTable {
  /** Rows and columns that it has. */
  readonly side: number;
  /**
   * `bilinear` with corners on corners (Qwen3-VL); or `bicubic` with edges on edges, by Keys' cubic with a = −0.75, whose rows beyond
   * the table are those at its edge (GLM-4.1V).
   */
  readonly filter: 'bilinear' | 'bicubic';
}

/** Rows of a table and what each counts for, which together lie over patches: [P, taps], as many for each. */
export interface TableRows {
  readonly index: Int32Array;
  readonly share: Float32Array;
}

type Taps = readonly (readonly [at: number, share: number])[];

/** In float32, as PyTorch does it. Padding reads nothing. */
export function tableRows(
  grids: readonly Grid[],
  merge: number,
  { side, filter }: PositionTable,
  padded: number,
): TableRows {
  const taps = filter === 'bilinear' ? bilinear : bicubic;
  const each = taps(0, 1, side).length ** 2;
  const index = new Int32Array(padded * each);
  const share = new Float32Array(padded * each);
  let to = 0;
  for (const [frames, rows, columns] of grids) {
    for (let i = 0; i < frames * rows * columns; i++) {
      const [row, column] = placeOf(i % (rows * columns), columns, merge);
      const across = taps(column, columns, side);
      for (const [y, down] of taps(row, rows, side)) {
        for (const [x, part] of across) {
          index[to] = y * side + x;
          share[to++] = down * part;
        }
      }
    }
  }
  return { index, share };
}

function bilinear(i: number, size: number, side: number): Taps {
  const at = Math.fround(Math.fround(i * (side - 1)) / Math.max(1, size - 1));
  const below = Math.floor(at);
  const rest = Math.fround(at - below);
  return [
    [below, Math.fround(1 - rest)],
    [Math.min(side - 1, below + 1), rest],
  ];
}

function bicubic(i: number, size: number, side: number): Taps {
  const at = ((i + 0.5) / size) * side - 0.5;
  const below = Math.floor(at);
  return [-1, 0, 1, 2].map((step) => [
    Math.min(side - 1, Math.max(0, below + step)),
    cubic(Math.abs(at - below - step)),
  ]);
}

/** @param x distance, 0 to 2 */
function cubic(x: number): number {
  const a = -0.75;
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}
