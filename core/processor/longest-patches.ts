import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { patchRows, type PatchSizes } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';

export interface LongestPatchOptions extends Normalization, PatchSizes, ImageText {
  /** Longer sides are shrunk to so many pixels. */
  readonly longest: number;
  readonly filter: FilterName;
}

/** Pictures as rows of patches, shrunk where a side is too long, both sides then stretched to whole squares (Pixtral). Grids are [1, rows, columns]. */
export class LongestPatches extends NormalizedImages<LongestPatchOptions> {
  grid(size: Pick<RgbImage, 'width' | 'height'>): Grid {
    const { patch_size, merge_size, longest } = this.options;
    const ratio = Math.max(1, size.width / longest, size.height / longest);
    const square = patch_size * merge_size;
    const patches = (side: number): number =>
      Math.ceil(Math.max(1, Math.floor(side / ratio)) / square) * merge_size;
    return [1, patches(size.height), patches(size.width)];
  }

  process(image: RgbImage): Float32Array {
    const { patch_size, filter } = this.options;
    const [, rows, columns] = this.grid(image);
    const resized = resizeImage(image, columns * patch_size, rows * patch_size, filter);
    return patchRows([resized], this.options, this.values);
  }
}
