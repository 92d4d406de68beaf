import type { MediaKind } from '../media/kinds.js';
import type { Grid } from '../media/tower.js';
import { Arrangement, type RowSums, type Share } from './arrangement.js';

/** Means over squares of 2 × 2 rows in frames of videos; pictures as they are (LLaVA-NeXT-Video). Grids are [tiles, …]. */
export class PooledFrames extends Arrangement {
  /** @param side rows of a tile, on a side */
  constructor(private readonly side: number) {
    super('pooled_frames', 4);
  }

  /** Of a frame. */
  get pooled(): number {
    return Math.floor(this.side / 2) ** 2;
  }

  protected arrange([tiles]: Grid, kind: MediaKind, first: number, sums: RowSums): void {
    const { side } = this;
    if (kind !== 'video') {
      for (let i = 0; i < tiles * side * side; i++) sums.add([first + i, 1]);
      return;
    }
    const half = Math.floor(side / 2);
    for (let frame = 0; frame < tiles; frame++) {
      for (let row = 0; row < half; row++) {
        for (let column = 0; column < half; column++) {
          const corner = first + (frame * side + 2 * row) * side + 2 * column;
          const share = (at: number): Share => [at, 0.25];
          sums.add(share(corner), share(corner + 1), share(corner + side), share(corner + side + 1));
        }
      }
    }
  }
}
