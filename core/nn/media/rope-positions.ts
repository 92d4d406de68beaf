import type { MediaSpan } from './tower.js';

/** How positions of media follow each other. */
export interface MediaSteps {
  /** Side of the squares of patches that became one feature. */
  readonly merge_size: number;
  /**
   * How far behind the first frame of a video another lies, where its grid tells how many seconds lie between them; its number when absent.
   * Text behind a fraction goes on with it; of every position the whole number counts.
   */
  readonly frame?: (frame: number, seconds: number) => number;
  /** Where text goes on: behind the longer side of a picture (default), or behind the highest position of a medium. */
  readonly resumes?: 'behind-side' | 'behind-all';
}

/**
 * Positions of tokens on three axes (M-RoPE, Qwen2-VL): text advances on all of them together; the features of a picture that
 * begins at s lie at s + frame, s + row, s + column of the merged grid, and text goes on behind it. Features of sounds, whose grids
 * have one number, advance as text does.
 * @param media in order; one that has several runs of features has as many frames in each as its length tells
 * @returns int32 [3, T], and the position that follows
 */
export function ropePositions(
  length: number,
  media: readonly MediaSpan[],
  { merge_size: merge, frame: placed = (frame) => frame, resumes = 'behind-side' }: MediaSteps,
): { positions: Int32Array; next: number } {
  const positions = new Int32Array(3 * length);
  let [token, position] = [0, 0];
  const text = (end: number): void => {
    for (; token < end; token++, position++)
      for (let axis = 0; axis < 3; axis++) positions[axis * length + token] = Math.floor(position);
  };
  for (const { start, length: features, grid } of media) {
    if (grid.length < 3) continue;
    text(start);
    const [rows, columns, seconds] = [grid[1] / merge, grid[2] / merge, grid[3]];
    const side = Math.max(rows, columns);
    let last = 0;
    for (let i = 0; i < features; i++, token++) {
      const frame = Math.floor(i / (rows * columns));
      last = seconds === undefined ? frame : placed(frame, seconds);
      positions[token] = Math.floor(position + last);
      positions[length + token] = Math.floor(position + (Math.floor(i / columns) % rows));
      positions[2 * length + token] = Math.floor(position + (i % columns));
    }
    position += resumes === 'behind-all' ? Math.max(side, last + 1) : side;
  }
  text(length);
  return { positions, next: Math.floor(position) };
}

/**
 * Positions of tokens where the features of a medium share one, but for its first and its last, which are marks (CogVLM).
 * @param media in order
 * @returns as `ropePositions`, the same on every axis
 */
export function sharedPositions(
  length: number,
  media: readonly MediaSpan[],
): { positions: Int32Array; next: number } {
  const advances = new Uint8Array(length).fill(1, 1);
  // The second feature has a position of its own, which those behind it share, up to the one before the last.
  for (const { start, length: features } of media) advances.fill(0, start + 2, start + features - 1);
  const positions = new Int32Array(3 * length);
  let position = 0;
  for (let token = 0; token < length; token++) {
    position += advances[token];
    for (let axis = 0; axis < 3; axis++) positions[axis * length + token] = position;
  }
  return { positions, next: position + 1 };
}
