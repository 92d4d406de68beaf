import type { RgbImage } from '../contracts/media.js';

export interface PatchSizes {
  readonly patch_size: number;
  /** Frames that become one. */
  readonly temporal_patch_size: number;
  /** Side of the square of patches that becomes one feature. */
  readonly merge_size: number;
}

/**
 * Frames of one size, whole squares wide and high, as rows of patches: by frame, square, then within the square; the values of a row
 * by channel, frame, line. The last frame follows itself where there are too few.
 * @param values of each byte, by channel
 */
export function patchRows(
  frames: readonly RgbImage[],
  { patch_size: patch, temporal_patch_size: deep, merge_size: merge }: PatchSizes,
  values: readonly Float32Array[],
): Float32Array {
  const { width, height } = frames[0];
  const [rows, columns] = [height / patch, width / patch];
  const times = Math.ceil(frames.length / deep);
  const pixels = new Float32Array(times * deep * 3 * width * height);
  let to = 0;
  for (let first = 0; first < times * deep; first += deep) {
    for (let squareY = 0; squareY < rows; squareY += merge) {
      for (let squareX = 0; squareX < columns; squareX += merge) {
        for (let i = 0; i < merge * merge; i++) {
          const top = (squareY + Math.floor(i / merge)) * patch;
          const left = (squareX + (i % merge)) * patch;
          for (let channel = 0; channel < 3; channel++) {
            const table = values[channel];
            for (let frame = first; frame < first + deep; frame++) {
              if (frame > first && frame >= frames.length) {
                pixels.copyWithin(to, to - patch * patch, to);
                to += patch * patch;
                continue;
              }
              const { data } = frames[Math.min(frame, frames.length - 1)];
              for (let y = 0; y < patch; y++) {
                let from = ((top + y) * width + left) * 3 + channel;
                for (let x = 0; x < patch; x++, from += 3) pixels[to++] = table[data[from]];
              }
            }
          }
        }
      }
    }
  }
  return pixels;
}
