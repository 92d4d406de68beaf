import type { MediaKind } from '../media/kinds.js';
import type { Grid } from '../media/tower.js';
import { Parameter } from '../parameter.js';
import { Arrangement, type RowSums, type Share } from './arrangement.js';

export interface NewlineSize {
  /** Of the language model. */
  readonly width: number;
  /** Features of a tile, on a side. */
  readonly side: number;
  /** Tiles whose features are kept at most: more are interpolated to as many. */
  readonly most_tiles?: number;
  /** Whether an exact fit may lose a row to a rounding of the division, as in LLaVA's own code. */
  readonly inexact?: boolean;
  /** Where the learned separator lies in checkpoints. */
  readonly name: string;
  /**
   * Frames of videos, whose grids are [frames, …]: `halved` shrinks each to half of its side, one separator behind the last;
   * a number is how many features one has already, without separators. Absent where there are none.
   */
  readonly frames?: 'halved' | number;
}

const NEWLINE: Share = [-1, 1];

/**
 * The features of the whole picture, then those of its tiles row by row as one picture, without what was padding, and a learned
 * separator behind each row (LLaVA-NeXT; LLaVA-OneVision shrinks what has too many). Grids are [tiles, down, across, height, width];
 * a picture of one tile is followed by one separator.
 */
export class NewlineRows extends Arrangement {
  readonly newline: Parameter;

  constructor(private readonly size: NewlineSize) {
    super('newline_rows', size.most_tiles === undefined && size.frames !== 'halved' ? 1 : 4);
    this.names = { newline: size.name };
    this.newline = new Parameter([size.width]);
  }

  protected override get separators(): readonly Parameter[] {
    return [this.newline];
  }

  protected arrange(grid: Grid, kind: MediaKind, first: number, sums: RowSums): void {
    if (kind === 'video') return this.arrangeFrames(grid[0], first, sums);
    const [tiles, down, across, height, width] = grid;
    const { side, most_tiles = Infinity } = this.size;
    for (let i = 0; i < side * side; i++) sums.add([first + i, 1]);
    if (tiles === 1) return sums.add(NEWLINE);
    const area = unpadded([down * side, across * side], [height, width], this.size.inexact);
    const ratio = Math.sqrt((area.rows * area.columns) / (most_tiles * side * side));
    const at = (row: number, column: number): number => {
      const [y, x] = [area.top + row, area.left + column];
      const tile = 1 + Math.floor(y / side) * across + Math.floor(x / side);
      return first + tile * side * side + (y % side) * side + (x % side);
    };
    const shrink = ratio > 1.1;
    const rows = shrink ? Math.floor(area.rows / ratio) : area.rows;
    const columns = shrink ? Math.floor(area.columns / ratio) : area.columns;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (!shrink) sums.add([at(row, column), 1]);
        else sums.add(...between(row, rows, area.rows, column, columns, area.columns, at));
      }
      sums.add(NEWLINE);
    }
  }

  private arrangeFrames(count: number, first: number, sums: RowSums): void {
    const { side, frames } = this.size;
    if (typeof frames === 'number') {
      for (let i = 0; i < count * frames; i++) sums.add([first + i, 1]);
      return;
    }
    const half = Math.ceil(side / 2);
    for (let frame = 0; frame < count; frame++) {
      const at = (row: number, column: number): number => first + (frame * side + row) * side + column;
      for (let row = 0; row < half; row++)
        for (let column = 0; column < half; column++)
          sums.add(...between(row, half, side, column, half, side, at));
    }
    sums.add(NEWLINE);
  }
}

/** Which part of a grid a picture of this shape fills, as Transformers cuts it out. */
function unpadded(
  [rows, columns]: readonly [number, number],
  [height, width]: readonly [number, number],
  inexact = false,
) {
  // Rounded so that an exact fit is not cut by a rounding of the division.
  const fit = (side: number, scale: number): number =>
    Math.trunc(inexact ? side * scale : Number((side * scale).toFixed(7)));
  if (width / height > columns / rows) {
    const top = Math.floor((rows - fit(height, columns / width)) / 2);
    return { top, left: 0, rows: rows - 2 * top, columns };
  }
  const left = Math.floor((columns - fit(width, rows / height)) / 2);
  return { top: 0, left, rows, columns: columns - 2 * left };
}

/** The four neighbours of a place in a shrunk grid, and their shares (bilinear, as `torch.nn.functional.interpolate`). */
function between(
  row: number,
  rows: number,
  ofRows: number,
  column: number,
  columns: number,
  ofColumns: number,
  at: (row: number, column: number) => number,
): Share[] {
  const place = (
    i: number,
    to: number,
    from: number,
  ): readonly [low: number, high: number, share: number] => {
    const exact = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.floor(exact);
    return [low, Math.min(low + 1, from - 1), exact - low];
  };
  const [top, bottom, down] = place(row, rows, ofRows);
  const [left, right, across] = place(column, columns, ofColumns);
  return [
    [at(top, left), (1 - down) * (1 - across)],
    [at(top, right), (1 - down) * across],
    [at(bottom, left), down * (1 - across)],
    [at(bottom, right), down * across],
  ];
}
