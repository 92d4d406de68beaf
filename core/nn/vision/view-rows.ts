import type { MediaKind } from '../media/kinds.js';
import type { Grid } from '../media/tower.js';
import { Parameter } from '../parameter.js';
import { Arrangement, type RowSums } from './arrangement.js';

export interface ViewSize {
  /** Of the rows that are put in order. */
  readonly width: number;
  /** Rows on a side of the whole, and of a tile where these differ. */
  readonly side: number;
  readonly tile_side?: number;
  /** What follows what: all tiles, the whole, a learned separator. */
  readonly order: readonly ('tiles' | 'whole' | 'between')[];
  /**
   * Where the learned separators lie in checkpoints: `line` stands behind each line, which goes through all tiles that lie side by side;
   * where there is none, tiles follow one another.
   */
  readonly names: { readonly between: string; readonly line?: string };
  /** Whether checkpoints hold them as [1, 1, W] and [1, 1, 1, W]. */
  readonly batched_tables?: boolean;
}

/**
 * The rows of a whole picture and of its tiles in another order, with learned separators (Phi-3-Vision, DeepSeek-VL2, DeepSeek-OCR). Grids
 * are [tiles, down, across]; the whole is the first tile, others may be missing.
 */
export class ViewRows extends Arrangement {
  readonly between: Parameter;
  readonly line?: Parameter;

  constructor(private readonly size: ViewSize) {
    super('view_rows', 1);
    const { width, names, batched_tables } = size;
    this.names = { ...names };
    this.between = new Parameter(batched_tables ? [1, 1, width] : [width]);
    if (names.line) this.line = new Parameter(batched_tables ? [1, 1, 1, width] : [width]);
  }

  override get separators(): readonly Parameter[] {
    return this.line ? [this.between, this.line] : [this.between];
  }

  protected arrange([, down = 0, across = 0]: Grid, _: MediaKind, first: number, sums: RowSums): void {
    const { side, tile_side = side, order } = this.size;
    for (const part of order) {
      if (part === 'between') sums.add([-1, 1]);
      else if (part === 'whole') this.addLines(first, 1, 1, side, sums);
      else this.addLines(first + side * side, down, across, tile_side, sums);
    }
  }

  private addLines(first: number, down: number, across: number, side: number, sums: RowSums): void {
    if (!this.line) {
      for (let i = 0; i < down * across * side * side; i++) sums.add([first + i, 1]);
      return;
    }
    for (let row = 0; row < down * side; row++) {
      for (let column = 0; column < across * side; column++) {
        const tile = Math.floor(row / side) * across + Math.floor(column / side);
        sums.add([first + tile * side * side + (row % side) * side + (column % side), 1]);
      }
      sums.add([-2, 1]);
    }
  }
}
