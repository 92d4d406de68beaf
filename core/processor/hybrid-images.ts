import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { normalizedBytes, planesOf, type Normalization } from './normalize.js';
import { NormalizedImages } from './normalized-images.js';
import { padded, type PaddedImageOptions } from './padded-images.js';
import { resizeImage, type FilterName } from './resize.js';
import { planeOf, stretchPlane } from './stretch-plane.js';

/** Of the large square, but for `small`. */
export interface HybridImageOptions extends PaddedImageOptions {
  readonly small: Normalization & {
    /** Side of the small square. */
    readonly size: number;
    /** How it is made of the large one's bytes; absent: of its values, bilinear with antialias. */
    readonly filter?: FilterName;
  };
}

/**
 * Pictures in the middle of a square of one colour, as a small copy of it and the square itself (DeepSeek-VL 7B; Lu et al., 2024, arXiv 2403.05525).
 * Values [3, small, small], then [3, size, size]; grids [1] picture.
 */
export class HybridImages extends NormalizedImages<HybridImageOptions> {
  private readonly smallValues: readonly Float32Array[];

  constructor(options: HybridImageOptions) {
    super(options);
    this.smallValues = normalizedBytes(options.small);
  }

  grid(): Grid {
    return [1];
  }

  process(image: RgbImage): Float32Array {
    const { size, small } = this.options;
    const square = padded(image, this.options);
    const before = 3 * small.size ** 2;
    const pixels = new Float32Array(before + 3 * size ** 2);
    planesOf(square, { left: 0, top: 0, side: size }, this.values, pixels.subarray(before));
    if (small.filter) {
      const copy = resizeImage(square, small.size, small.size, small.filter);
      planesOf(copy, { left: 0, top: 0, side: small.size }, this.smallValues, pixels);
    } else {
      this.smallValues.forEach((own, channel) => {
        const plane = stretchPlane(planeOf(square, channel, own), small.size, 'smooth');
        pixels.set(plane, channel * small.size ** 2);
      });
    }
    return pixels;
  }
}
