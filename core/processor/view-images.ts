import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { bestResolution, type Resolution } from './anyres-images.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizeImage, type FilterName } from './resize.js';
import { halfToEven } from './rounding.js';

export interface ViewImageOptions extends Normalization, ImageText {
  /** Side of a tile in pixels. */
  readonly size: number;
  /** The sizes that a picture may be fitted into, whole tiles each. */
  readonly pinpoints: readonly Resolution[];
  /** Red, green and blue of the padding. */
  readonly background: readonly number[];
  readonly filter: FilterName;
}

/**
 * The whole picture in the middle of a tile, then in the middle of as many tiles as waste least (DeepSeek-VL2; Wu et al., 2024, arXiv
 * 2412.10302). Values [tiles, 3, size, size]; grids [tiles, down, across].
 */
export class ViewImages extends NormalizedImages<ViewImageOptions> {
  grid({ width, height }: Pick<RgbImage, 'width' | 'height'>): Grid {
    const { size, pinpoints } = this.options;
    const [down, across] = bestResolution([height, width], pinpoints).map((side) => side / size);
    return [1 + down * across, down, across];
  }

  process(image: RgbImage): Float32Array {
    const { size: side } = this.options;
    const [tiles, down, across] = this.grid(image);
    const values = 3 * side * side;
    const pixels = new Float32Array(tiles * values);
    const put = (from: RgbImage, left: number, top: number, tile: number): void => {
      const to = pixels.subarray(tile * values, (tile + 1) * values);
      planesOf(from, { left, top, side }, this.values, to);
    };
    put(inMiddle(image, [side, side], this.options), 0, 0, 0);
    const large = inMiddle(image, [down * side, across * side], this.options);
    for (let tile = 0; tile < down * across; tile++)
      put(large, (tile % across) * side, Math.floor(tile / across) * side, 1 + tile);
    return pixels;
  }
}

/** A picture as large as fits, in the middle of one colour (`PIL.ImageOps.pad`). */
export function inMiddle(
  image: RgbImage,
  [height, width]: Resolution,
  { background, filter }: Pick<ViewImageOptions, 'background' | 'filter'>,
): RgbImage {
  const ratio = image.width / image.height;
  const [w, h] =
    ratio > width / height
      ? [width, halfToEven((image.height / image.width) * width)]
      : ratio < width / height
        ? [halfToEven((image.width / image.height) * height), height]
        : [width, height];
  const resized = resizeImage(image, w, h, filter);
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < data.length; i++) data[i] = background[i % 3];
  const [left, top] = [halfToEven((width - w) / 2), halfToEven((height - h) / 2)];
  for (let y = 0; y < h; y++)
    data.set(resized.data.subarray(3 * y * w, 3 * (y + 1) * w), 3 * ((top + y) * width + left));
  return { width, height, data };
}
