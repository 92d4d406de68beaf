import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizeImage, type FilterName } from './resize.js';

type Size = Pick<RgbImage, 'width' | 'height'>;

export interface SplitImageOptions extends Normalization, ImageText {
  /** Side of a tile in pixels. */
  readonly size: number;
  /** What the longer side of a picture becomes first, smaller ones too; whole tiles. */
  readonly longest: number;
  /** Whether it is split; else it is squashed to one tile. */
  readonly splits: boolean;
  readonly filter: FilterName;
}

/** The longest side that a picture may have. */
const MOST = 4096;

/**
 * Pictures enlarged or shrunk to a common length, squashed to whole tiles and cut into these, the whole as one more tile at the end
 * (Idefics3; Laurençon et al., 2024, arXiv 2408.12637). Values [tiles, 3, size, size]; grids [tiles, rows, columns], the
 * last two 0 where a picture is not split.
 */
export class SplitImages extends NormalizedImages<SplitImageOptions> {
  grid(image: Size): Grid {
    const { size: side, splits } = this.options;
    if (!splits) return [1, 0, 0];
    const { width, height } = wholeTiles(this.lengthened(image), side);
    if (width <= side && height <= side) return [1, 0, 0];
    const [rows, columns] = [height / side, width / side];
    return [rows * columns + 1, rows, columns];
  }

  process(image: RgbImage): Float32Array {
    const { size: side, filter, splits } = this.options;
    const [tiles, rows, columns] = this.grid(image);
    const values = 3 * side * side;
    const pixels = new Float32Array(tiles * values);
    const put = (from: RgbImage, left: number, top: number, tile: number): void => {
      const to = pixels.subarray(tile * values, (tile + 1) * values);
      planesOf(from, { left, top, side }, this.values, to);
    };
    const length = this.lengthened(image);
    const first = resizeImage(image, length.width, length.height, filter);
    const { width, height } = splits ? wholeTiles(length, side) : { width: side, height: side };
    const whole = resizeImage(first, width, height, filter);
    for (let tile = 0; tile < rows * columns; tile++)
      put(whole, (tile % columns) * side, Math.floor(tile / columns) * side, tile);
    put(resizeImage(whole, side, side, filter), 0, 0, tiles - 1);
    return pixels;
  }

  /** The longer side as long as is wanted, the shorter one even. */
  private lengthened({ width, height }: Size): Size {
    const longest = Math.min(this.options.longest, MOST);
    const ratio = width / height;
    const even = (side: number): number => Math.max(1, side + (side % 2));
    return width >= height
      ? { width: longest, height: even(Math.trunc(longest / ratio)) }
      : { width: even(Math.trunc(longest * ratio)), height: longest };
  }
}

function wholeTiles({ width, height }: Size, side: number): Size {
  const whole = (length: number): number => Math.ceil(length / side) * side;
  const ratio = width / height;
  if (width >= height) return { width: whole(width), height: whole(Math.trunc(whole(width) / ratio)) };
  return { width: whole(Math.trunc(whole(height) * ratio)), height: whole(height) };
}
