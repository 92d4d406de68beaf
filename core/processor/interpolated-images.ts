import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { bilinearTaps, interpolatePlane } from './interpolate.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { halfToEven } from './rounding.js';

export interface InterpolatedImageOptions extends Normalization, ImageText {
  /** Of the shorter side after resizing, and of the square that is cut out of the middle. */
  readonly size: number;
}

/** Pictures that are resized when their bytes are normalized values, without a low-pass (CogVLM2-Video); values [3, size, size], grids [1] tile. */
export class InterpolatedImages extends NormalizedImages<InterpolatedImageOptions> {
  grid(): Grid {
    return [1];
  }

  process(image: RgbImage): Float32Array {
    const { size } = this.options;
    const { width, height } = image;
    const isTall = width < height;
    const w = isTall ? size : Math.floor((width / height) * size);
    const h = isTall ? Math.floor((height / width) * size) : size;
    const [left, top] = [halfToEven((w - size) / 2), halfToEven((h - size) / 2)];
    const pixels = new Float32Array(3 * size * size);
    this.values.forEach((values, channel) => {
      const data = Float32Array.from(
        { length: width * height },
        (_, i) => values[image.data[3 * i + channel]],
      );
      const resized = interpolatePlane({ width, height, data }, w, h, bilinearTaps);
      for (let y = 0; y < size; y++) {
        const from = (top + y) * w + left;
        pixels.set(resized.subarray(from, from + size), (channel * size + y) * size);
      }
    });
    return pixels;
  }
}
