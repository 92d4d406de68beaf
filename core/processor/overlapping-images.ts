import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import type { Normalization } from './normalize.js';
import { NormalizedImages, type ImageText } from './normalized-images.js';
import { stretchPlane } from './stretch-plane.js';

export interface OverlappingImageOptions extends Normalization, ImageText {
  /** Side of a crop in pixels. */
  readonly size: number;
  readonly max_crops: number;
  /** Pixels of a crop that its neighbours see too: on the left and above, and on the right and below. */
  readonly margins: readonly [before: number, after: number];
}

type Size = Pick<RgbImage, 'width' | 'height'>;

/** A picture in the middle of a canvas, which is black elsewhere. */
interface Fitted extends Size {
  readonly top: number;
  readonly left: number;
}

/**
 * Pictures as the whole of them and as crops that overlap, as many down and across as fit the picture with the least enlargement
 * (Molmo; Deitke et al., 2024, arXiv 2409.17146). Values [crops, 3, size, size], the whole first; grids as `CropRows` has them.
 * Resized as numbers, not bytes.
 */
export class OverlappingImages extends NormalizedImages<OverlappingImageOptions> {
  grid(size: Size): Grid {
    const [down, across] = this.tiling(size);
    const { top, left, height, width } = fit(size, this.canvas(down, across));
    return [1 + down * across, down, across, top, left, height, width];
  }

  process(image: RgbImage): Float32Array {
    const { size: side, margins } = this.options;
    const [crops, down, across] = this.grid(image);
    const step = side - margins[0] - margins[1];
    const pixels = new Float32Array(crops * 3 * side * side);
    const planes = [0, 1, 2].map((channel) => ({
      whole: this.plane(image, channel, { width: side, height: side }),
      large: this.plane(image, channel, this.canvas(down, across)),
    }));
    const { width } = this.canvas(down, across);
    planes.forEach(({ whole, large }, channel) => {
      const put = (crop: number, y: number, row: Float32Array): void =>
        pixels.set(row, ((crop * 3 + channel) * side + y) * side);
      pixels.set(whole, channel * side * side);
      for (let crop = 0; crop < crops - 1; crop++) {
        const from = Math.floor(crop / across) * step * width + (crop % across) * step;
        for (let y = 0; y < side; y++)
          put(crop + 1, y, large.subarray(from + y * width, from + y * width + side));
      }
    });
    return pixels;
  }

  private canvas(down: number, across: number): Size {
    const { size, margins } = this.options;
    const both = margins[0] + margins[1];
    return { width: across * (size - both) + both, height: down * (size - both) + both };
  }

  /** One channel, normalized, on its canvas. */
  private plane(image: RgbImage, channel: number, canvas: Size): Float32Array {
    const { width, height, top, left } = fit(image, canvas);
    const { mean, deviation } = this.options;
    const data = Float32Array.from(
      { length: image.width * image.height },
      (_, i) => image.data[3 * i + channel] / 255,
    );
    const resized = stretchPlane({ ...image, data }, width, 'smooth', height);
    const normal = (value: number): number => (value - mean[channel]) / deviation[channel];
    const made = new Float32Array(canvas.width * canvas.height).fill(normal(0));
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const value = Math.min(1, Math.max(0, resized[y * width + x]));
        made[(top + y) * canvas.width + left + x] = normal(value);
      }
    return made;
  }

  /** Crops down and across: those that enlarge the picture least, or else shrink it least. In float32, as the authors' code. */
  private tiling({ width, height }: Size): readonly [down: number, across: number] {
    const { size, margins, max_crops } = this.options;
    const both = margins[0] + margins[1];
    const scaleOf = (crops: number, pixels: number): number =>
      Math.fround((crops * (size - both)) / (pixels - both));
    const all = tilings(max_crops).map(([down, across]) => ({
      tiling: [down, across] as const,
      scale: Math.min(scaleOf(down, height), scaleOf(across, width)),
    }));
    const enlarging = all.filter(({ scale }) => scale >= 1);
    const best =
      enlarging.length > 0
        ? enlarging.reduce((least, one) => (one.scale < least.scale ? one : least))
        : all.reduce((most, one) => (one.scale > most.scale ? one : most));
    return best.tiling;
  }
}

/** All of at most so many crops, those of fewer first. */
function tilings(most: number): readonly (readonly [down: number, across: number])[] {
  const found: (readonly [number, number])[] = [];
  for (let down = 1; down <= most; down++)
    for (let across = 1; down * across <= most; across++) found.push([down, across]);
  return found.sort((a, b) => a[0] * a[1] - b[0] * b[1]);
}

function fit({ width, height }: Size, canvas: Size): Fitted {
  const scale = Math.min(Math.fround(canvas.width / width), Math.fround(canvas.height / height));
  const scaled = (side: number): number => Math.trunc(Math.fround(side * scale));
  const [wide, high] = [scaled(width), scaled(height)];
  return {
    width: wide,
    height: high,
    top: Math.floor((canvas.height - high) / 2),
    left: Math.floor((canvas.width - wide) / 2),
  };
}
