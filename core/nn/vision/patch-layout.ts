/** Where patches of pictures lie, in rows of squares that are merged: what a `PatchTower` is told on the host. */
import { MASKED } from '../../graph/index.js';
import type { Grid } from '../media/tower.js';

/** Row and column of a patch. */
export type PatchPlace = readonly [row: number, column: number];

/** Row and column of the i-th patch of a frame: squares row by row, and the patches of a square row by row. */
export function placeOf(i: number, columns: number, merge: number): PatchPlace {
  const inSquare = i % (merge * merge);
  const square = (i - inSquare) / (merge * merge);
  const across = columns / merge;
  return [
    Math.floor(square / across) * merge + Math.floor(inSquare / merge),
    (square % across) * merge + (inSquare % merge),
  ];
}

/** How many patches each frame has, frame by frame. */
export function frameLengths(grids: readonly Grid[]): number[] {
  return grids.flatMap(([frames, rows, columns]) => new Array<number>(frames).fill(rows * columns));
}

/**
 * Additive [P, P]: patches of a run see each other only, padding sees padding. @param runs lengths, one behind the other @param behind
 * how many tokens stand behind all patches, the i-th of them of the i-th run
 */
export function runsApart(runs: readonly number[], padded: number, behind = 0): Float32Array {
  const size = padded + behind;
  const mask = new Float32Array(size * size).fill(MASKED);
  const taken = runs.reduce((sum, length) => sum + length, 0);
  let start = 0;
  [...runs, padded - taken].forEach((length, i) => {
    const patches = [start, start + length];
    const tokens = [padded + i, i === runs.length ? size : padded + i + 1];
    const own = behind > 0 ? [patches, tokens] : [patches];
    for (const [first, end] of own)
      for (let row = first; row < end; row++)
        for (const [from, to] of own) mask.fill(0, row * size + from, row * size + to);
    start += length;
  });
  return mask;
}

/** Squares of all frames in the order of the windows that they lie in. */
export interface Windows {
  /** The number of each square, window by window, int32 [squares]. */
  readonly order: Int32Array;
  /** How many squares each window holds; those at the lower and right edge may hold fewer. */
  readonly sizes: readonly number[];
}

/** @param side of a window in squares */
export function windowsOf(grids: readonly Grid[], merge: number, side: number): Windows {
  const squares = frameLengths(grids).reduce((sum, patches) => sum + patches / merge ** 2, 0);
  const order = new Int32Array(squares);
  const sizes: number[] = [];
  let [first, at] = [0, 0];
  for (const [frames, rows, columns] of grids) {
    const [down, across] = [rows / merge, columns / merge];
    for (let frame = 0; frame < frames; frame++, first += down * across) {
      for (let top = 0; top < down; top += side) {
        for (let left = 0; left < across; left += side) {
          const [bottom, right] = [Math.min(down, top + side), Math.min(across, left + side)];
          for (let y = top; y < bottom; y++)
            for (let x = left; x < right; x++) order[at++] = first + y * across + x;
          sizes.push((bottom - top) * (right - left));
        }
      }
    }
  }
  return { order, sizes };
}
