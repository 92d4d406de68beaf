import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { patchRows } from './patch-rows.js';
import { resizeImage, type FilterName } from './resize.js';
import { halfToEven } from './rounding.js';

type Size = Pick<RgbImage, 'width' | 'height'>;

export interface SliceImageOptions extends Normalization, ImageText {
  /** Side of a square that has about as many pixels as a slice. */
  readonly resolution: number;
  /** At most so many slices. */
  readonly most_slices: number;
  readonly patch_size: number;
  /** Whether pictures become squares of that side, whatever their ratio, without slices. */
  readonly squash?: boolean;
  readonly filter: FilterName;
}

/**
 * Pictures at about their own ratio: the whole, and large ones in slices of nearly its area too, as many across and down as fit their
 * shape best (MiniCPM-V; Yao et al., 2024, arXiv 2408.01800). Values are patches of the whole, then of each slice, row by row; grids
 * [pictures, rows, columns], of sliced ones [pictures, rows, columns, down, across, rows of a slice, columns of a slice].
 */
export class SliceImages extends NormalizedImages<SliceImageOptions> {
  grid(size: Size): Grid {
    const { whole, slices } = this.layout(size);
    const { patch_size: patch } = this.options;
    const own = [whole.height / patch, whole.width / patch];
    if (!slices) return [1, ...own];
    const { down, across, height, width } = slices;
    return [1 + down * across, ...own, down, across, height / patch, width / patch];
  }

  process(image: RgbImage): Float32Array {
    const { patch_size, filter } = this.options;
    const { whole, slices } = this.layout(image);
    const sizes = { patch_size, merge_size: 1, temporal_patch_size: 1 };
    const rows = (picture: RgbImage): Float32Array => patchRows([picture], sizes, this.values);
    const parts = [rows(resizeImage(image, whole.width, whole.height, filter))];
    if (slices) {
      const { down, across, width, height } = slices;
      const enlarged = resizeImage(image, across * width, down * height, filter);
      for (let i = 0; i < down * across; i++)
        parts.push(rows(cropped(enlarged, (i % across) * width, Math.floor(i / across) * height, slices)));
    }
    const values = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return values;
  }

  /** Sizes in pixels. */
  private layout(size: Size): { whole: Size; slices?: Size & { down: number; across: number } } {
    const { resolution, squash } = this.options;
    if (squash) return { whole: { width: resolution, height: resolution } };
    const shape = sliceShape(size, this.options);
    if (!shape) return { whole: this.fitted(size, true) };
    const [across, down] = shape;
    const [width, height] = [wholeTimes(size.width, across) / across, wholeTimes(size.height, down) / down];
    return {
      whole: this.fitted(size, false),
      slices: { ...this.fitted({ width, height }, true), down, across },
    };
  }

  /** Whole patches wide and high, about the area of a slice where it is larger, or where smaller ones are enlarged. */
  private fitted(size: Size, enlarges: boolean): Size {
    const { resolution, patch_size } = this.options;
    let { width, height } = size;
    if (enlarges || width * height > resolution * resolution) {
      const ratio = width / height;
      height = Math.trunc(resolution / Math.sqrt(ratio));
      width = Math.trunc(height * ratio);
    }
    return { width: wholeTimes(width, patch_size), height: wholeTimes(height, patch_size) };
  }
}

/** The nearest multiple, at least one. */
const wholeTimes = (length: number, unit: number): number => Math.max(halfToEven(length / unit), 1) * unit;

/**
 * Slices across and down, near to as many as the picture's area asks for, whose shape is nearest to the picture's; undefined where it
 * stays whole.
 */
export function sliceShape(
  { width, height }: Size,
  { resolution, most_slices: most }: Pick<SliceImageOptions, 'resolution' | 'most_slices'>,
): readonly [across: number, down: number] | undefined {
  const wanted = Math.min(Math.ceil((width * height) / (resolution * resolution)), most);
  if (wanted <= 1) return undefined;
  let best: readonly [number, number] = [1, 1];
  let least = Infinity;
  for (const count of [wanted - 1, wanted, wanted + 1]) {
    if (count === 1 || count > most) continue;
    for (let across = 1; across <= count; across++) {
      if (count % across !== 0) continue;
      const down = count / across;
      const error = Math.abs(Math.log(width / height) - Math.log(across / down));
      if (error >= least) continue;
      best = [across, down];
      least = error;
    }
  }
  return best;
}

function cropped(
  { width: stride, data }: RgbImage,
  left: number,
  top: number,
  { width, height }: Size,
): RgbImage {
  const made = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 3 * ((top + y) * stride + left);
    made.set(data.subarray(from, from + 3 * width), 3 * y * width);
  }
  return { width, height, data: made };
}
