import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { resizedPlanes, resizeImage } from './resize.js';

type Size = Pick<RgbImage, 'width' | 'height'>;

export interface WindowImageOptions extends Normalization, ImageText {
  /** Sides in pixels of what is seen of a picture: the whole, and a window of it. */
  readonly whole_size: number;
  readonly part_size: number;
}

/** The longest side that a picture may have. */
const MOST = 3024;

/** From this length of the longer side on all pictures are seen in windows, whose sides are at most that long. */
const [LONG, WINDOW] = [728, 504];

/** The part of a window that is worth one more of them. */
const WORTH = 0.2;

/**
 * Windows of a picture, row by row, then the whole of it squashed to a square (Step3-VL): values [parts, 3, part, part], then
 * [3, whole, whole]; grids [parts, rows, columns], all 0 where the whole is enough.
 */
export class WindowImages extends NormalizedImages<WindowImageOptions> {
  grid(size: Size): Grid {
    const fit = fitted(squared(size));
    const side = windowOf(fit);
    if (side === 0) return [0, 0, 0];
    const [rows, columns] = [fit.height, fit.width].map((length) => Math.ceil(snapped(length, side) / side));
    return [rows * columns, rows, columns];
  }

  process(image: RgbImage): Float32Array {
    const { whole_size: whole, part_size: part } = this.options;
    const [parts, , columns] = this.grid(image);
    const pixels = new Float32Array(3 * (parts * part ** 2 + whole ** 2));
    const square = cut(image, { left: 0, top: 0, ...squared(image) });
    const fit = fitted(square);
    const seen = resizeImage(square, fit.width, fit.height, 'bilinear');
    const side = windowOf(fit);
    const windows =
      parts > 0 ? resizeImage(seen, snapped(fit.width, side), snapped(fit.height, side), 'bilinear') : seen;
    for (let i = 0; i < parts; i++) {
      const [left, top] = [(i % columns) * side, Math.floor(i / columns) * side];
      const window = cut(windows, { left, top, width: side, height: side });
      pixels.set(this.normalized(window, part), i * 3 * part ** 2);
    }
    pixels.set(this.normalized(seen, whole), parts * 3 * part ** 2);
    return pixels;
  }

  /** A picture squashed to a square, without its values being rounded. */
  private normalized(image: RgbImage, side: number): Float32Array {
    const { scale, mean, deviation } = this.options;
    return resizedPlanes(image, side, side, 'bilinear').map((value, i) => {
      const channel = Math.floor(i / side ** 2);
      return (value * scale - mean[channel]) / deviation[channel];
    });
  }
}

/** Thin strips become squares. */
function squared({ width, height }: Size): Size {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  return short < 32 && long / short > 4 ? { width: long, height: long } : { width, height };
}

function fitted({ width, height }: Size): Size {
  const shrink = Math.min(1, MOST / Math.max(width, height));
  return { width: Math.trunc(width * shrink), height: Math.trunc(height * shrink) };
}

/** Side of windows; 0 for none. */
function windowOf({ width, height }: Size): number {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  if (long < LONG) return long / short > 1.5 ? short : 0;
  return long / short > 4 ? Math.min(short, WINDOW) : WINDOW;
}

/** Length of a side that is cut into windows; a shorter one stays, and its window goes beyond it. */
function snapped(length: number, side: number): number {
  const whole = Math.floor(length / side);
  if (whole === 0) return length;
  return side * (length / side - whole > WORTH ? whole + 1 : whole);
}

/** A rectangle of a picture, black beyond it. */
function cut(image: RgbImage, at: Size & { readonly left: number; readonly top: number }): RgbImage {
  const { left, top, width, height } = at;
  const data = new Uint8Array(width * height * 3);
  const across = Math.min(width, image.width - left);
  for (let y = 0; y < Math.min(height, image.height - top); y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + across * 3), y * width * 3);
  }
  return { width, height, data };
}
