import type { HostTensor } from '../../graph/index.js';
import { Module } from '../module.js';
import type { Stage } from '../stage.js';

/** What looks at tiles of one size, each by itself. */
export abstract class TileVision extends Module {
  abstract readonly size: {
    /** Side of a tile in pixels, and of a patch. */
    readonly image_size: number;
    readonly patch_size: number;
  };

  /** Patches of a tile. */
  abstract get patches(): number;
  /** Rows that it gives for a tile. */
  abstract get rows(): number;
  /** What its stages read beside pixels; nothing when not overridden. */
  inputs(_tiles: number): Readonly<Record<string, HostTensor>> {
    return {};
  }

  /** From the port `pixel_values` [tiles · patches, 3 · patch²] to `seen` [tiles, rows, W]. */
  abstract stages(tiles: number): readonly Stage[];
}
