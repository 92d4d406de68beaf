import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizeImage, type FilterName } from './resize.js';

export interface CutImageOptions extends Normalization, ImageText {
  /** Side of a tile in pixels. */
  readonly size: number;
  /** Whether the whole picture follows its tiles as one more, where there are several. */
  readonly thumbnail: boolean;
  readonly filter: FilterName;
}

/** Pictures squashed to rows of square tiles and cut into these. Values [tiles, 3, size, size]; grids begin with the number of tiles. */
export abstract class CutImages<Options extends CutImageOptions> extends NormalizedImages<Options> {
  process(image: RgbImage): Float32Array {
    const { size: side, filter } = this.options;
    const [across, down] = this.shape(image);
    const [tiles] = this.grid(image);
    const values = 3 * side * side;
    const pixels = new Float32Array(tiles * values);
    const put = (resized: RgbImage, column: number, row: number, tile: number): void => {
      const square = { left: column * side, top: row * side, side };
      planesOf(resized, square, this.values, pixels.subarray(tile * values, (tile + 1) * values));
    };
    const resized = resizeImage(image, across * side, down * side, filter);
    for (let tile = 0; tile < across * down; tile++)
      put(resized, tile % across, Math.floor(tile / across), tile);
    if (tiles > across * down) put(resizeImage(image, side, side, filter), 0, 0, across * down);
    return pixels;
  }

  protected abstract shape(size: Pick<RgbImage, 'width' | 'height'>): readonly [across: number, down: number];
}

export interface TileImageOptions extends CutImageOptions {
  readonly min_tiles: number;
  readonly max_tiles: number;
}

/**
 * Pictures as rows of square tiles, as many across and down as fit their shape best (InternVL; Chen et al., 2024, arXiv 2404.16821).
 * Grids are [tiles].
 */
export class TileImages extends CutImages<TileImageOptions> {
  grid(size: Pick<RgbImage, 'width' | 'height'>): Grid {
    const [across, down] = this.shape(size);
    const tiles = across * down;
    return [tiles + (this.options.thumbnail && tiles > 1 ? 1 : 0)];
  }

  protected shape(size: Pick<RgbImage, 'width' | 'height'>): readonly [across: number, down: number] {
    return tileShape(size, this.options);
  }
}

/**
 * Tiles across and down whose shape is nearest to that of the picture; of two that are as near, the larger one where the picture
 * has more than half of its pixels.
 */
export function tileShape(
  { width, height }: Pick<RgbImage, 'width' | 'height'>,
  { size, min_tiles, max_tiles }: Pick<TileImageOptions, 'size' | 'min_tiles' | 'max_tiles'>,
): readonly [across: number, down: number] {
  const ratio = width / height;
  let best: readonly [number, number] = [1, 1];
  let nearest = Infinity;
  for (const [across, down] of shapes(min_tiles, max_tiles)) {
    const distance = Math.abs(ratio - across / down);
    const isLarger = width * height > 0.5 * size * size * across * down;
    if (distance < nearest || (distance === nearest && isLarger)) {
      best = [across, down];
      nearest = distance;
    }
  }
  return best;
}

/** All shapes of so many tiles, those of fewer first. */
function shapes(least: number, most: number): readonly (readonly [across: number, down: number])[] {
  const found: (readonly [number, number])[] = [];
  for (let across = 1; across <= most; across++)
    for (let down = 1; across * down <= most; down++) if (across * down >= least) found.push([across, down]);
  return found.sort((a, b) => a[0] * a[1] - b[0] * b[1]);
}
