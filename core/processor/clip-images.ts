import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { squared } from './paste.js';
import { resizeImage, type FilterName } from './resize.js';

export interface ClipImageOptions extends Normalization, ImageText {
  /** Of the shorter side after resizing; of both where `squash`. */
  readonly size: number;
  /** Both sides become `size`, whatever their ratio. */
  readonly squash: boolean;
  /** Side of the square that is cut out of the middle, at most `size`. */
  readonly crop: number;
  /** What pictures become first, squares of their longer side: stretched, or in the middle of a colour; absent: they do not. */
  readonly square?: 'stretched' | readonly number[];
  readonly filter: FilterName;
}

/** Pictures as CLIP sees them: the shorter side resized, the middle cut out; values [3, crop, crop], grids [1] tile. */
export class ClipImages extends NormalizedImages<ClipImageOptions> {
  grid(): Grid {
    return [1];
  }

  process(image: RgbImage): Float32Array {
    const { size, squash, crop, square, filter } = this.options;
    const whole = square ? squared(image, square, filter) : image;
    const { width, height } = whole;
    const long = Math.trunc((size * Math.max(width, height)) / Math.min(width, height));
    const [w, h] = squash ? [size, size] : width <= height ? [size, long] : [long, size];
    const resized = resizeImage(whole, w, h, filter);
    const [left, top] = [Math.floor((w - crop) / 2), Math.floor((h - crop) / 2)];
    const pixels = new Float32Array(3 * crop * crop);
    planesOf(resized, { left, top, side: crop }, this.values, pixels);
    return pixels;
  }
}
