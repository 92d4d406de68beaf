import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizeImage, type FilterName } from './resize.js';

type Size = Pick<RgbImage, 'width' | 'height'>;

export interface CoveringImageOptions extends Normalization, ImageText {
  /** Side of a tile in pixels. */
  readonly size: number;
  readonly max_tiles: number;
  readonly filter: FilterName;
}

/** Part of a picture's pixels that tiles should keep. */
const ENOUGH = 0.9;

/**
 * Pictures in equal parts, as few as keep enough of their pixels, with the whole before them where there are several; each part resized by
 * its longer side, in the middle of zeros (Ovis; Lu et al., 2024, arXiv 2405.20797). Values [tiles, 3, size, size]; grids
 * [tiles, rows, columns].
 */
export class CoveringImages extends NormalizedImages<CoveringImageOptions> {
  grid(image: Size): Grid {
    const [rows, columns] = coveringGrid(image, this.options);
    const parts = rows * columns;
    return [parts === 1 ? 1 : parts + 1, rows, columns];
  }

  process(image: RgbImage): Float32Array {
    const { size: side, filter } = this.options;
    const [tiles, rows, columns] = this.grid(image);
    const parts = partsOf(image, rows, columns).map((part) => cutOut(image, part));
    const pixels = new Float32Array(tiles * 3 * side * side);
    (tiles === 1 ? parts : [image, ...parts]).forEach((part, i) => {
      const { width, height } = fitted(part, side);
      const to = pixels.subarray(i * 3 * side * side, (i + 1) * 3 * side * side);
      this.putInTheMiddle(resizeImage(part, width, height, filter), to);
    });
    return pixels;
  }

  private putInTheMiddle({ width, height, data }: RgbImage, to: Float32Array): void {
    const { size: side } = this.options;
    const [left, top] = [width, height].map((length) => Math.floor((side - length) / 2));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const byte = data[(y * width + x) * 3 + channel];
          to[(channel * side + top + y) * side + left + x] = this.values[channel][byte];
        }
      }
    }
  }
}

/** A rectangle of a picture; right and bottom are not of it. */
interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Row by row; the last ones take what is left over. */
function partsOf({ width, height }: Size, rows: number, columns: number): Part[] {
  const [down, across] = [Math.floor(height / rows), Math.floor(width / columns)];
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return {
      left: column * across,
      top: row * down,
      right: column === columns - 1 ? width : (column + 1) * across,
      bottom: row === rows - 1 ? height : (row + 1) * down,
    };
  });
}

/**
 * Rows and columns of the fewest parts that keep enough of a picture's pixels, of several so many those that keep most; where none do, of
 * those that keep most.
 */
export function coveringGrid(
  image: Size,
  { size, max_tiles }: Pick<CoveringImageOptions, 'size' | 'max_tiles'>,
): readonly [rows: number, columns: number] {
  const area = image.width * image.height;
  const all: { rows: number; columns: number; kept: number }[] = [];
  for (let rows = 1; rows <= max_tiles; rows++) {
    for (let columns = 1; rows * columns <= max_tiles; columns++) {
      const kept = partsOf(image, rows, columns).reduce((sum, part) => sum + keptArea(part, size), 0);
      all.push({ rows, columns, kept: kept / area });
    }
  }
  const enough = all.filter(({ kept }) => kept > ENOUGH);
  const [best] =
    enough.length > 0
      ? enough.sort((a, b) => a.rows * a.columns - b.rows * b.columns || b.kept - a.kept)
      : all.sort((a, b) => b.kept - a.kept || a.rows * a.columns - b.rows * b.columns);
  return [best.rows, best.columns];
}

/** Pixels that are left of a part when its longer side is at most `side`. */
function keptArea({ left, top, right, bottom }: Part, side: number): number {
  const [long, short] = [right - left, bottom - top].sort((a, b) => b - a);
  return long > side ? (short / long) * side * side : long * short;
}

/** The size of a part whose longer side is a tile's. */
function fitted({ width, height }: Size, side: number): Size {
  const other = (shorter: number, longer: number): number =>
    Math.max(1, Math.trunc((shorter / longer) * side));
  return width >= height
    ? { width: side, height: other(height, width) }
    : { width: other(width, height), height: side };
}

function cutOut({ width, data }: RgbImage, { left, top, right, bottom }: Part): RgbImage {
  const part = new Uint8Array((right - left) * (bottom - top) * 3);
  for (let y = top; y < bottom; y++) {
    const row = data.subarray((y * width + left) * 3, (y * width + right) * 3);
    part.set(row, (y - top) * (right - left) * 3);
  }
  return { width: right - left, height: bottom - top, data: part };
}
