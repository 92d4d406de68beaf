import type { RgbImage } from '../contracts/media.js';
import type { Grid } from '../contracts/processor.js';
import { CutImages, type CutImageOptions } from './tile-images.js';

type Size = Pick<RgbImage, 'width' | 'height'>;
type Shape = readonly [down: number, across: number];

/** Shapes that pictures are cut to; the first of several that are as good is taken. */
const SHAPES: readonly Shape[] = [
  [2, 2],
  [1, 3],
  [1, 4],
  [3, 1],
  [4, 1],
  [2, 3],
  [3, 2],
];

const { fround } = Math;

/**
 * Pictures cut to one of seven shapes, and the whole as one more tile at the end (mPLUG-Owl3; arXiv 2408.04840, as DocOwl 1.5 chooses
 * shapes: Hu et al., 2024, arXiv 2403.12895). Grids are [tiles, rows, columns].
 */
export class AnchorImages extends CutImages<CutImageOptions & { readonly thumbnail: true }> {
  grid(size: Size): Grid {
    const [across, down] = this.shape(size);
    return [across * down + 1, down, across];
  }

  protected shape(size: Size): readonly [across: number, down: number] {
    const [down, across] = anchorOf(size, this.options.size);
    return [across, down];
  }
}

/**
 * The shape of tiles whose overlap with the picture, drawn as wide, is the largest share of both; the overlap in pixels decides between
 * such. In float32, as the authors have it.
 */
export function anchorOf({ width, height }: Size, side: number): Shape {
  const scores = SHAPES.map(([down, across]) => {
    const [wide, high] = [across * side, down * side];
    const drawn = Math.trunc(fround(fround(height / width) * wide));
    const own = fround(share([wide, high], [wide, drawn]) * 100);
    return fround(own + share([wide, high], [width, height]));
  });
  return SHAPES[scores.indexOf(Math.max(...scores))];
}

/** Of what two boxes cover from one corner on, how much both do. */
function share([a, b]: readonly [number, number], [c, d]: readonly [number, number]): number {
  const both = Math.min(a, c) * Math.min(b, d);
  return fround(both / fround(a * b + c * d - both));
}
