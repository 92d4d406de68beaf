import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { centred } from './paste.js';
import { resizeImage, type FilterName } from './resize.js';
import { halfToEven } from './rounding.js';

export interface PaddedImageOptions extends Normalization, ImageText {
  /** What the longer side becomes, and the square that it is padded to. */
  readonly size: number;
  /** The shorter side has at least so many pixels. */
  readonly min_size: number;
  /** Whether the shorter side is rounded, half to even; else it is cut to a whole number. */
  readonly rounds: boolean;
  /** Red, green and blue of the padding. */
  readonly background: readonly number[];
  readonly filter: FilterName;
}

/** Pictures whose longer side is resized, in the middle of a square of one colour (DeepSeek-VL; Lu et al., 2024, arXiv 2403.05525). Values [3, size, size], grids [1] tile. */
export class PaddedImages extends NormalizedImages<PaddedImageOptions> {
  grid(): Grid {
    return [1];
  }

  process(image: RgbImage): Float32Array {
    const { size } = this.options;
    const pixels = new Float32Array(3 * size * size);
    planesOf(padded(image, this.options), { left: 0, top: 0, side: size }, this.values, pixels);
    return pixels;
  }
}

/** A picture in the middle of a square. */
export function padded(
  image: RgbImage,
  {
    size,
    min_size,
    rounds,
    background,
    filter,
  }: Omit<PaddedImageOptions, keyof Normalization | keyof ImageText>,
): RgbImage {
  const scale = size / Math.max(image.width, image.height);
  const whole = rounds ? halfToEven : Math.trunc;
  const [width, height] = [image.width, image.height].map((side) => Math.max(whole(side * scale), min_size));
  const resized = resizeImage(image, width, height, filter);
  return centred(resized, [size, size], background);
}
