import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { centred } from './paste.js';
import { resizeImage, type FilterName } from './resize.js';

/** Height and width. */
export type Resolution = readonly [height: number, width: number];

export interface AnyresImageOptions extends Normalization, ImageText {
  /** Side of a tile in pixels. */
  readonly size: number;
  /** The sizes that a picture may be fitted into, whole tiles each. */
  readonly pinpoints: readonly Resolution[];
  readonly filter: FilterName;
}

/**
 * Pictures as the whole, squashed to one tile, and then in tiles of the size that wastes least, fitted inside and padded with
 * black (LLaVA-NeXT; Liu et al., 2024). Values [tiles, 3, size, size]; grids [tiles, down, across, height, width].
 */
export class AnyresImages extends NormalizedImages<AnyresImageOptions> {
  grid({ width, height }: Pick<RgbImage, 'width' | 'height'>): Grid {
    const { size, pinpoints } = this.options;
    const [down, across] = bestResolution([height, width], pinpoints).map((side) => Math.floor(side / size));
    return [1 + down * across, down, across, height, width];
  }

  process(image: RgbImage): Float32Array {
    const { size: side, filter } = this.options;
    const [tiles, down, across] = this.grid(image);
    const values = 3 * side * side;
    const pixels = new Float32Array(tiles * values);
    const put = (from: RgbImage, left: number, top: number, tile: number): void => {
      const to = pixels.subarray(tile * values, (tile + 1) * values);
      planesOf(from, { left, top, side }, this.values, to);
    };
    put(resizeImage(image, side, side, filter), 0, 0, 0);
    const fitted = fitInside(image, [down * side, across * side], filter);
    for (let tile = 0; tile < down * across; tile++)
      put(fitted, (tile % across) * side, Math.floor(tile / across) * side, tile + 1);
    return pixels;
  }
}

/** The resolution in which most of a picture's pixels are kept, and of those the one that wastes least. */
export function bestResolution([height, width]: Resolution, pinpoints: readonly Resolution[]): Resolution {
  let best = pinpoints[0];
  let most = 0;
  let least = Infinity;
  for (const [h, w] of pinpoints) {
    const scale = Math.min(w / width, h / height);
    const kept = Math.min(Math.trunc(width * scale) * Math.trunc(height * scale), width * height);
    const wasted = w * h - kept;
    if (kept < most || (kept === most && wasted >= least)) continue;
    best = [h, w];
    most = kept;
    least = wasted;
  }
  return best;
}

const BLACK = [0, 0, 0];

/** A picture resized by its tighter side, in the middle of black. */
export function fitInside(image: RgbImage, [height, width]: Resolution, filter: FilterName): RgbImage {
  const [scaleW, scaleH] = [width / image.width, height / image.height];
  const [w, h] =
    scaleW < scaleH
      ? [width, Math.min(Math.ceil(image.height * scaleW), height)]
      : [Math.min(Math.ceil(image.width * scaleH), width), height];
  return centred(resizeImage(image, w, h, filter), [width, height], BLACK);
}
