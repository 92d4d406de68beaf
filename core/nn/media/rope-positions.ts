import type { MediaSpan } from './tower.js';

/** How positions of media follow each other. */
export interface MediaSteps {
  /** Side of the squares of patches that became one feature. */
  readonly merge_size: number;
  /** Positions a second, of a video whose grid tells how many seconds lie between its frames; 1 from frame to frame when absent. */
  readonly tokens_per_second?: number;
}

/**
 * Positions of tokens on three axes (M-RoPE, Qwen2-VL): text advances on all of them together; the features of a picture that
 * begins at s lie at s + frame, s + row, s + column of the merged grid, and text goes on behind the longer side.
 * @param media in order; one that has several runs of features has as many frames in each as its length tells
 * @returns int32 [3, T], and the position that follows
 */
export function ropePositions(
  length: number,
  media: readonly MediaSpan[],
  { merge_size: merge, tokens_per_second }: MediaSteps,
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
    // In float32, as Transformers does: what is a whole number there decides.
    const step =
      tokens_per_second === undefined || grid[3] === undefined
        ? 1
        : Math.fround(tokens_per_second * Math.fround(grid[3]));
    for (let i = 0; i < features; i++, token++) {
      const frame = Math.floor(i / (rows * columns));
      positions[token] = position + Math.floor(Math.fround(frame * step));
      positions[length + token] = position + (Math.floor(i / columns) % rows);
      positions[2 * length + token] = position + (i % columns);
    }
    position += Math.max(rows, columns);
  }
  text(length);
  return { positions, next: position };
}
