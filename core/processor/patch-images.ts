import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { SwiftError } from '../errors.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { patchRows, type PatchSizes } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';
import { halfToEven } from './rounding.js';

export interface PatchImageOptions extends Normalization, PatchSizes, ImageText {
  /** Area after resizing. */
  readonly min_pixels: number;
  readonly max_pixels: number;
  /** Whether a picture with a side shorter than a square is enlarged until it is as long: both sides at once, or its height, then its width. */
  readonly stretches?: 'whole' | 'by-side';
  readonly filter: FilterName;
}

/** Longer side over shorter side, at most. */
const MOST_RATIO = 200;

/**
 * Pictures of any size as rows of patches (Qwen2-VL): both sides are rounded to whole squares, the area kept within bounds. A still
 * picture is its own next frame.
 */
export class PatchImages extends NormalizedImages<PatchImageOptions> {
  grid(size: Pick<RgbImage, 'width' | 'height'>): Grid {
    const { patch_size: patch } = this.options;
    const [height, width] = smartSize(size, this.options);
    return [1, height / patch, width / patch];
  }

  process(image: RgbImage): Float32Array {
    const [height, width] = smartSize(image, this.options);
    return patchRows([resizeImage(image, width, height, this.options.filter)], this.options, this.values);
  }
}

/** A picture with no side below `factor`. */
function stretched(
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
  factor: number,
  how: PatchImageOptions['stretches'],
): Pick<RgbImage, 'width' | 'height'> {
  if (how === 'whole') {
    const scale = Math.max(1, factor / height, factor / width);
    return { width: Math.trunc(width * scale), height: Math.trunc(height * scale) };
  }
  if (how === undefined) return { width, height };
  const wide =
    height < factor ? { width: halfToEven((width * factor) / height), height: factor } : { width, height };
  if (wide.width >= factor) return wide;
  return { width: factor, height: halfToEven((wide.height * factor) / wide.width) };
}

/** Height and width that Qwen2-VL, and GLM-4.1V, resize to. @throws SwiftError BAD_ROW for a picture too long and thin */
export function smartSize(
  size: Pick<RgbImage, 'width' | 'height'>,
  options: Pick<PatchImageOptions, 'patch_size' | 'merge_size' | 'min_pixels' | 'max_pixels' | 'stretches'>,
): readonly [height: number, width: number] {
  const { min_pixels: least, max_pixels: most } = options;
  const factor = options.patch_size * options.merge_size;
  const { width, height } = stretched(size, factor, options.stretches);
  if (Math.max(height, width) / Math.min(height, width) > MOST_RATIO) {
    throw new SwiftError('BAD_ROW', `an image of ${width} × ${height} pixels is too long and thin`, {
      cure: `One side may be ${MOST_RATIO} times the other at most: cut it.`,
    });
  }
  const [h, w] = [height, width].map((side) => halfToEven(side / factor) * factor);
  if (h * w > most) {
    const shrink = Math.sqrt((height * width) / most);
    const fit = (side: number): number => Math.max(factor, Math.floor(side / shrink / factor) * factor);
    return [fit(height), fit(width)];
  }
  if (h * w < least) {
    const stretch = Math.sqrt(least / (height * width));
    const fit = (side: number): number => Math.ceil((side * stretch) / factor) * factor;
    return [fit(height), fit(width)];
  }
  return [h, w];
}
