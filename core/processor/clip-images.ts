import type { Grid, Picture, Processor, RgbImage } from '../contracts/processor.js';
import { normalizedBytes, type Normalization } from './normalize.js';
import { resizeImage } from './resize.js';

export interface ClipImageOptions extends Normalization {
  /** Of the shorter side after resizing; of both where `squash`. */
  readonly size: number;
  /** Both sides become `size`, whatever their ratio. */
  readonly squash: boolean;
  /** Side of the square that is cut out of the middle, at most `size`. */
  readonly crop: number;
  readonly patch_size: number;
  readonly imageToken: string;
  readonly imageText: (features: number) => string;
}

/** Pictures as CLIP sees them: the shorter side resized, the middle cut out; pixels [3, crop, crop]. */
export class ClipImages implements Processor {
  readonly imageToken: string;
  private readonly values: readonly Float32Array[];

  constructor(private readonly options: ClipImageOptions) {
    this.imageToken = options.imageToken;
    this.values = normalizedBytes(options);
  }

  imageText(features: number): string {
    return this.options.imageText(features);
  }

  grid(): Grid {
    const across = this.options.crop / this.options.patch_size;
    return [1, across, across];
  }

  process(image: RgbImage): Picture {
    const { size, squash, crop } = this.options;
    const { width, height } = image;
    const long = Math.trunc((size * Math.max(width, height)) / Math.min(width, height));
    const [w, h] = squash ? [size, size] : width <= height ? [size, long] : [long, size];
    const resized = resizeImage(image, w, h, 'bicubic');
    const [left, top] = [Math.floor((w - crop) / 2), Math.floor((h - crop) / 2)];
    const pixels = new Float32Array(3 * crop * crop);
    for (let y = 0; y < crop; y++) {
      for (let x = 0; x < crop; x++) {
        const from = ((top + y) * w + left + x) * 3;
        for (let channel = 0; channel < 3; channel++)
          pixels[(channel * crop + y) * crop + x] = this.values[channel][resized.data[from + channel]];
      }
    }
    return { pixels, grid: this.grid() };
  }
}
