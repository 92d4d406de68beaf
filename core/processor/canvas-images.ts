import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { planesOf, type Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizeImage, type FilterName } from './resize.js';

export interface CanvasImageOptions extends Normalization, ImageText {
  /** Side of a tile in pixels. */
  readonly size: number;
  readonly max_tiles: number;
  readonly filter: FilterName;
}

export interface Canvas {
  readonly down: number;
  readonly across: number;
  /** Number among all shapes, from 1. */
  readonly shape: number;
}

type Size = Pick<RgbImage, 'width' | 'height'>;

/**
 * Pictures in the upper left corner of a black canvas of square tiles, the one in which they stay nearest to their size (Llama 3.2 Vision).
 * Values [tiles, 3, size, size], row by row; grids [tiles, shape].
 */
export class CanvasImages extends NormalizedImages<CanvasImageOptions> {
  grid(size: Size): Grid {
    const { down, across, shape } = canvasOf(size, this.options);
    return [down * across, shape];
  }

  process(image: RgbImage): Float32Array {
    const { size } = this.options;
    const [tiles] = this.grid(image);
    const pixels = new Float32Array(tiles * 3 * size ** 2);
    tilesOf(image, this.options, this.values, pixels);
    return pixels;
  }
}

/** The same, and behind several tiles the whole picture, squashed, as one more (Llama 4). Grids are [tiles, down, across]. */
export class CanvasTiles extends NormalizedImages<CanvasImageOptions> {
  grid(size: Size): Grid {
    const { down, across } = canvasOf(size, this.options);
    const tiles = down * across;
    return [tiles > 1 ? tiles + 1 : 1, down, across];
  }

  process(image: RgbImage): Float32Array {
    const { size: side, filter } = this.options;
    const [tiles] = this.grid(image);
    const values = 3 * side ** 2;
    const pixels = new Float32Array(tiles * values);
    tilesOf(image, this.options, this.values, pixels);
    if (tiles === 1) return pixels;
    const whole = resizeImage(image, side, side, filter);
    planesOf(whole, { left: 0, top: 0, side }, this.values, pixels.subarray((tiles - 1) * values));
    return pixels;
  }
}

/** Writes the tiles of a picture's canvas into `to`. */
function tilesOf(
  image: RgbImage,
  options: Omit<CanvasImageOptions, keyof ImageText>,
  values: readonly Float32Array[],
  to: Float32Array,
): void {
  const { size: side, filter } = options;
  const { down, across } = canvasOf(image, options);
  const canvas = { width: across * side, height: down * side };
  const { width, height } = fitted(image, canvas, side);
  const resized = resizeImage(image, width, height, filter);
  const data = new Uint8Array(3 * canvas.width * canvas.height);
  for (let y = 0; y < height; y++)
    data.set(resized.data.subarray(3 * y * width, 3 * (y + 1) * width), 3 * y * canvas.width);
  const each = 3 * side ** 2;
  for (let tile = 0; tile < down * across; tile++) {
    const square = { left: (tile % across) * side, top: Math.floor(tile / across) * side, side };
    planesOf({ ...canvas, data }, square, values, to.subarray(tile * each, (tile + 1) * each));
  }
}

/** Shapes of at most so many tiles, in the order by which models number them. */
export function canvasShapes(most: number): readonly (readonly [down: number, across: number])[] {
  const found: (readonly [number, number])[] = [];
  for (let down = 1; down <= most; down++)
    for (let across = 1; down * across <= most; across++) found.push([down, across]);
  return found;
}

/** Of canvases that a picture fills, the one that enlarges it least; where none does, the one that shrinks it least; of several, the smallest. */
export function canvasOf(
  { width, height }: Size,
  { size, max_tiles }: Pick<CanvasImageOptions, 'size' | 'max_tiles'>,
): Canvas {
  const all = canvasShapes(max_tiles).map(([down, across], i) => {
    const scale = Math.min((across * size) / width, (down * size) / height);
    return { down, across, shape: i + 1, scale };
  });
  const enlarging = all.filter(({ scale }) => scale >= 1);
  const best =
    enlarging.length > 0
      ? Math.min(...enlarging.map(({ scale }) => scale))
      : Math.max(...all.map(({ scale }) => scale));
  return all
    .filter(({ scale }) => scale === best)
    .reduce((least, one) => (one.down * one.across < least.down * least.across ? one : least));
}

/** A picture's size on its canvas: not beyond it, and enlarged to no more than a tile. */
export function fitted({ width, height }: Size, canvas: Size, tile: number): Size {
  const target = (side: number, most: number): number => Math.min(Math.max(side, tile), most);
  const [wide, high] = [target(width, canvas.width), target(height, canvas.height)];
  const [byWidth, byHeight] = [wide / width, high / height];
  return byWidth < byHeight
    ? { width: wide, height: Math.min(Math.floor(height * byWidth) || 1, high) }
    : { width: Math.min(Math.floor(width * byHeight) || 1, wide), height: high };
}
