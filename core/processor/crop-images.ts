import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizeImage, type FilterName } from './resize.js';
import { tileShape } from './tile-images.js';
import { inMiddle } from './view-images.js';

export interface CropImageOptions extends Normalization, ImageText {
  /** Sides of the whole and of a tile in pixels. */
  readonly size: number;
  readonly tile_size: number;
  readonly min_tiles: number;
  readonly max_tiles: number;
  /** Red, green and blue of the padding. */
  readonly background: readonly number[];
  readonly filter: FilterName;
}

/**
 * The whole picture in the middle of a square, then, of one that is larger than a tile, smaller tiles that fit its shape best (DeepSeek-OCR; Wei
 * et al., 2025, arXiv 2510.18234). Values [3, size, size], then [3, tile, tile] each; grids [1 + tiles, down, across].
 */
export class CropImages extends NormalizedImages<CropImageOptions> {
  grid(image: Pick<RgbImage, 'width' | 'height'>): Grid {
    const { tile_size: size, min_tiles, max_tiles } = this.options;
    if (Math.max(image.width, image.height) <= size) return [1, 0, 0];
    const [across, down] = tileShape(image, { size, min_tiles, max_tiles });
    return [1 + down * across, down, across];
  }

  process(image: RgbImage): Float32Array {
    const { size, tile_size: tile, filter } = this.options;
    const [count, down, across] = this.grid(image);
    const [first, each] = [3 * size * size, 3 * tile * tile];
    const pixels = new Float32Array(first + (count - 1) * each);
    const whole = inMiddle(image, [size, size], this.options);
    planesOf(whole, { left: 0, top: 0, side: size }, this.values, pixels.subarray(0, first));
    if (count === 1) return pixels;
    const resized = resizeImage(image, across * tile, down * tile, filter);
    for (let i = 0; i < down * across; i++) {
      const square = { left: (i % across) * tile, top: Math.floor(i / across) * tile, side: tile };
      planesOf(resized, square, this.values, pixels.subarray(first + i * each, first + (i + 1) * each));
    }
    return pixels;
  }
}
