import type { MediaKind } from '../media/kinds.js';
import type { Grid } from '../media/tower.js';
import { Parameter } from '../parameter.js';
import { Arrangement, type RowSums, type Share } from './arrangement.js';

export interface CropSize {
  /** Of the rows that are put in order. */
  readonly width: number;
  /** Rows on a side of a crop. */
  readonly side: number;
  /** Rows of a crop that its neighbours see too: on the left and above, on the right and below. */
  readonly margins: readonly [before: number, after: number];
  /** Side of a row's patch in pixels. */
  readonly patch_size: number;
  /** Side of the squares whose rows stand together. */
  readonly square: number;
  /** Where the learned rows of patches outside a picture, and partly outside, lie in checkpoints. */
  readonly name: string;
}

const [OUTSIDE, PARTLY] = [-1, -2];

/**
 * The rows of a whole picture, then those of overlapping crops as of one picture, square by square; to those of patches outside the picture,
 * and partly outside, a learned row is added (Molmo). Grids are [crops, down, across, top, left, height, width], the last four of the picture on its
 * canvas, in pixels. The authors' code takes patches of a crop by where those of the next one lie, and the last crop as partly outside; so does this.
 */
export class CropRows extends Arrangement {
  readonly padding: Parameter;

  constructor(private readonly size: CropSize) {
    super('crop_rows', 2);
    this.names = { padding: size.name };
    this.padding = new Parameter([2, size.width]);
  }

  protected override get separators(): readonly Parameter[] {
    return [this.padding];
  }

  protected arrange(grid: Grid, _: MediaKind, first: number, sums: RowSums): void {
    const [, down, across] = grid;
    const { side, square, margins } = this.size;
    const [before, after] = margins;
    const window = side - before - after;
    const add = (crop: number, row: number, column: number): void => {
      for (let y = row; y < row + square; y++)
        for (let x = column; x < column + square; x++)
          sums.add([first + (crop * side + y) * side + x, 1], ...this.outside(grid, crop, y, x));
    };
    for (let row = 0; row < side; row += square)
      for (let column = 0; column < side; column += square) add(0, row, column);
    const cropOf = (at: number, crops: number): number =>
      Math.min(crops - 1, Math.max(0, Math.floor((at - before) / window)));
    for (let row = 0; row < down * window + before + after; row += square) {
      const i = cropOf(row, down);
      for (let column = 0; column < across * window + before + after; column += square) {
        const j = cropOf(column, across);
        add(1 + i * across + j, row - i * window, column - j * window);
      }
    }
  }

  /** What is added to the row of a patch. */
  private outside(grid: Grid, crop: number, y: number, x: number): Share[] {
    const [crops, , across, top, left, height, width] = grid;
    if (crop === crops - 1) return [[PARTLY, 1]];
    const { side, margins, patch_size: patch } = this.size;
    const window = side - margins[0] - margins[1];
    const down = (Math.floor(crop / across) * window + y) * patch;
    const right = ((crop % across) * window + x) * patch;
    const rows = within(down, patch, top, height);
    const columns = within(right, patch, left, width);
    if (rows === patch && columns === patch) return [];
    return [[rows * columns === 0 ? OUTSIDE : PARTLY, 1]];
  }
}

/** How much of [at, at + length) lies in [start, start + size). */
function within(at: number, length: number, start: number, size: number): number {
  return Math.max(0, Math.min(at + length, start + size) - Math.max(at, start));
}
