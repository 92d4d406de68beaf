import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizeImage, type FilterName } from './resize.js';
import { planeOf, stretchPlane } from './stretch-plane.js';

type Size = Pick<RgbImage, 'width' | 'height'>;

export interface HdImageOptions extends Normalization, ImageText {
  /** Side of a tile in pixels. */
  readonly size: number;
  /** At most so many tiles. */
  readonly most_tiles: number;
  /** Of each image, where a row has several; as of one when absent. */
  readonly several_tiles?: number;
  /** Whether a small picture is enlarged to as many, as it is when absent; else no further than to whole tiles. */
  readonly enlarges?: boolean;
  /** White goes below a picture, and to the right of a tall one; to both sides when absent. */
  readonly padding?: 'below';
  readonly filter: FilterName;
}

/**
 * Pictures enlarged or shrunk so that their longer side is whole tiles, as many as there may be, the shorter one padded to whole tiles with
 * white (InternLM-XComposer2-4KHD; Dong et al., 2024, arXiv 2404.06512); before these the whole with its padding, squashed to one tile after
 * it was normalized. Values [tiles, 3, size, size]; grids [tiles, down, across].
 */
export class HdImages extends NormalizedImages<HdImageOptions> {
  among(count: number): HdImages {
    const { several_tiles: most_tiles = this.options.most_tiles } = this.options;
    return count > 1 ? new HdImages({ ...this.options, most_tiles }) : this;
  }

  grid(size: Size): Grid {
    const { wide, long } = this.layout(size);
    const short = Math.ceil(wide.height / this.options.size);
    const [down, across] = size.width < size.height ? [long, short] : [short, long];
    return [1 + down * across, down, across];
  }

  process(image: RgbImage): Float32Array {
    const { size: side, filter, padding } = this.options;
    const [tiles, down, across] = this.grid(image);
    const isTall = image.width < image.height;
    const { wide } = this.layout(image);
    const resized = resizeImage(isTall ? transposed(image) : image, wide.width, wide.height, filter);
    const tall = Math.ceil(wide.height / side) * side;
    const padded = inWhite(resized, tall, padding === 'below' ? 0 : Math.floor((tall - wide.height) / 2));
    const whole = isTall ? transposed(padded) : padded;
    const values = 3 * side * side;
    const pixels = new Float32Array(tiles * values);
    for (let tile = 0; tile < down * across; tile++) {
      const square = { left: (tile % across) * side, top: Math.floor(tile / across) * side, side };
      planesOf(whole, square, this.values, pixels.subarray((tile + 1) * values, (tile + 2) * values));
    }
    this.values.forEach((own, channel) => {
      const plane = planeOf(whole, channel, own);
      pixels.set(stretchPlane(plane, side, 'cubic'), channel * side * side);
    });
    return pixels;
  }

  /** Size of a picture that is not tall, before its padding, and how many tiles lie along its longer side. */
  private layout({ width, height }: Size): { wide: Size; long: number } {
    const { size, most_tiles, enlarges = true } = this.options;
    const ratio = Math.max(width, height) / Math.min(width, height);
    let most = 1;
    while ((most + 1) * Math.ceil((most + 1) / ratio) <= most_tiles) most++;
    const long = enlarges ? most : Math.min(most, Math.ceil(Math.max(width, height) / size));
    const wide = { width: long * size, height: Math.max(1, Math.trunc((long * size) / ratio)) };
    return { wide, long };
  }
}

/** Rows become columns. */
function transposed({ width, height, data }: RgbImage): RgbImage {
  const made = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++)
        made[3 * (x * height + y) + channel] = data[3 * (y * width + x) + channel];
  return { width: height, height: width, data: made };
}

/** White above and below. @param top of the picture in it */
function inWhite({ width, data }: RgbImage, tall: number, top: number): RgbImage {
  const made = new Uint8Array(3 * width * tall).fill(255);
  made.set(data, 3 * width * top);
  return { width, height: tall, data: made };
}
