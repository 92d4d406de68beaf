import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { patchRows, type PatchSizes } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';

export interface MarginPatchOptions extends Normalization, PatchSizes, ImageText {
  /** Patches of a picture, at most, and of a side. */
  readonly most_patches: number;
  readonly most_of_side: number;
  readonly filter: FilterName;
}

type Size = Pick<RgbImage, 'width' | 'height'>;

/**
 * Pictures as rows of patches, shrunk where there would be too many, with a black margin on the right and below up to whole squares
 * (MoonViT; Kimi Team, 2025, arXiv 2504.07491). Grids are [1, rows, columns].
 */
export class MarginPatches extends NormalizedImages<MarginPatchOptions> {
  grid(size: Size): Grid {
    const { patch_size, merge_size } = this.options;
    const { width, height } = this.fitted(size);
    const patches = (side: number): number => Math.ceil(side / (patch_size * merge_size)) * merge_size;
    return [1, patches(height), patches(width)];
  }

  process(image: RgbImage): Float32Array {
    const { patch_size, filter } = this.options;
    const [, rows, columns] = this.grid(image);
    const { width, height } = this.fitted(image);
    const resized = resizeImage(image, width, height, filter);
    const whole = { width: columns * patch_size, height: rows * patch_size };
    const data = new Uint8Array(3 * whole.width * whole.height);
    for (let y = 0; y < height; y++)
      data.set(resized.data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * y * whole.width);
    return patchRows([{ ...whole, data }], this.options, this.values);
  }

  private fitted({ width, height }: Size): Size {
    const { patch_size, most_patches, most_of_side } = this.options;
    const longest = most_of_side * patch_size;
    const patches = (side: number): number => Math.max(1, Math.floor(side / patch_size));
    const byCount = Math.sqrt(most_patches / (patches(height) * patches(width)));
    const scale = Math.min(1, byCount, longest / height, longest / width);
    const side = (length: number): number => Math.min(Math.max(1, Math.trunc(length * scale)), longest);
    return { width: side(width), height: side(height) };
  }
}
