import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { SwiftError } from '../errors.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { patchRows, type PatchSizes } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';

type Size = Pick<RgbImage, 'width' | 'height'>;

export interface PaddedPatchOptions extends Normalization, PatchSizes, ImageText {
  /** Pictures of more whole patches are shrunk to about so many. */
  readonly most_patches: number;
  /** Sides of more patches are shrunk to so many; those of `SIDE` are refused when absent. */
  readonly most_of_side?: number;
  readonly filter: FilterName;
}

/** Patches on a side that a picture may have, fewer than. */
const SIDE = 512;

/**
 * Pictures of any size as rows of patches, shrunk where these are too many, with black on the right and below up to whole squares
 * (MoonViT; Kimi Team, 2025, arXiv 2504.07491). Grids are [1, rows, columns].
 */
export class PaddedPatches extends NormalizedImages<PaddedPatchOptions> {
  grid(image: Size): Grid {
    const { patch_size: patch, merge_size, most_of_side } = this.options;
    const { width, height } = this.shrunk(image);
    const [rows, columns] = [height, width].map(
      (side) => Math.ceil(side / (patch * merge_size)) * merge_size,
    );
    if (most_of_side === undefined && Math.max(rows, columns) >= SIDE) {
      throw new SwiftError('BAD_ROW', `an image of ${image.width} × ${image.height} pixels is too long`, {
        cure: `No side may have ${SIDE} patches of ${patch} pixels: cut it, or shrink it with --max_pixels.`,
      });
    }
    return [1, rows, columns];
  }

  process(image: RgbImage): Float32Array {
    const { patch_size: patch, filter } = this.options;
    const [, rows, columns] = this.grid(image);
    const size = this.shrunk(image);
    const shrunk = resizeImage(image, size.width, size.height, filter);
    const [width, height] = [columns * patch, rows * patch];
    const data = new Uint8Array(width * height * 3);
    for (let y = 0; y < size.height; y++)
      data.set(shrunk.data.subarray(y * size.width * 3, (y + 1) * size.width * 3), y * width * 3);
    return patchRows([{ width, height, data }], this.options, this.values);
  }

  private shrunk({ width, height }: Size): Size {
    const { patch_size: patch, most_patches, most_of_side = Infinity } = this.options;
    const longest = most_of_side * patch;
    const patches = (side: number): number => Math.max(1, Math.floor(side / patch));
    const byCount = Math.sqrt(most_patches / (patches(height) * patches(width)));
    const scale = Math.min(1, byCount, longest / height, longest / width);
    const side = (length: number): number => Math.min(Math.max(1, Math.trunc(length * scale)), longest);
    return { width: side(width), height: side(height) };
  }
}
