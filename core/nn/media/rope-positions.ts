import type { MediaSpan } from './tower.js';

/**
 * Positions of tokens on three axes (M-RoPE, Qwen2-VL): text advances on all of them together; the features of a picture that
 * begins at s lie at s + frame, s + row, s + column of the merged grid, and text goes on behind the longer side.
 * @param media in order; one that has several runs of features has as many frames in each as its length tells
 * @returns int32 [3, T], and the position that follows
 */
export function ropePositions(
  length: number,
  media: readonly MediaSpan[],
  merge: number,
): { positions: Int32Array; next: number } {
  const positions = new Int32Array(3 * length);
  let [token, position] = [0, 0];
  const text = (end: number): void => {
    for (; token < end; token++, position++)
      for (let axis = 0; axis < 3; axis++) positions[axis * length + token] = position;
  };
  for (const { start, length: features, grid } of media) {
    text(start);
    const [rows, columns] = [grid[1] / merge, grid[2] / merge];
    for (let i = 0; i < features; i++, token++) {
      positions[token] = position + Math.floor(i / (rows * columns));
      positions[length + token] = position + (Math.floor(i / columns) % rows);
      positions[2 * length + token] = position + (i % columns);
    }
    position += Math.max(rows, columns);
  }
  text(length);
  return { positions, next: position };
}
