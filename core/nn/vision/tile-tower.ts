import { reshape, type HostTensor } from '../../graph/index.js';
import type { MediaKind } from '../media/kinds.js';
import { MediaTower, type CrossedRows, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import type { Names } from '../module.js';
import type { Stage } from '../stage.js';
import type { Arrangement } from './arrangement.js';
import type { Connector } from './connector.js';
import { patchRows } from './patch-rows.js';
import { spaceToDepth } from './projector.js';
import { stepsFor } from './room.js';
import type { TileVision } from './tile-vision.js';

export interface TileParts {
  readonly vision: TileVision;
  readonly connector: Connector;
  /** Side of the squares of the transformer's rows that become one wider row first; each stays where absent. */
  readonly squares?: number;
  /** What becomes of these rows before the connector, and of features behind it. */
  readonly before?: Arrangement;
  readonly after?: Arrangement;
  /** Tokens attend to the features, one token a tile; absent: features stand in the places of tokens. */
  readonly looked_at?: boolean;
  /** Where the parts lie in checkpoints. */
  readonly names: Names;
}

/** Pictures, or frames of videos, as tiles of one size: a transformer over each, and what leads into the language model. Grids are [tiles, …]. */
export class TileTower extends MediaTower {
  readonly vision: TileVision;
  readonly before?: Arrangement;
  readonly connector: Connector;
  readonly after?: Arrangement;
  private readonly squares: number;
  private readonly lookedAt: boolean;

  constructor({ vision, connector, squares = 1, before, after, looked_at = false, names }: TileParts) {
    super();
    this.vision = vision;
    if (before) this.before = before;
    this.connector = connector;
    if (after) this.after = after;
    this.squares = squares;
    this.lookedAt = looked_at;
    this.names = names;
  }

  features(grid: Grid, kind: MediaKind): number {
    return this.lookedAt ? grid[0] : (this.after?.rows(grid, kind) ?? this.connected(grid, kind));
  }

  override crossed(): CrossedRows {
    const rows = this.connector.rows(this.rows);
    return { rows, held: rows };
  }

  smallest(): readonly Medium[] {
    const { image_size: side } = this.vision.size;
    return [{ kind: 'image', values: new Float32Array(3 * side * side), grid: [1] }];
  }

  /** `pixel_values` [tiles · patches, 3 · patch²], and what arrangements read. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const tiles = stepsFor(media.reduce((sum, { grid }) => sum + grid[0], 0));
    const pixels = media.map(({ values }) => values);
    const data = patchRows(pixels, tiles, this.vision.size);
    const rows = tiles * this.vision.patches;
    const seen = media.map(({ grid, kind }) => ({ grid, kind, rows: grid[0] * this.rows }));
    const ready = media.map(({ grid, kind }) => ({ grid, kind, rows: this.connected(grid, kind) }));
    return {
      pixel_values: { dtype: 'float32', shape: [rows, data.length / rows], data },
      ...this.vision.inputs(tiles),
      ...this.before?.inputs(seen),
      ...this.after?.inputs(ready),
    };
  }

  stages({ pixel_values }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    const { before, after, squares } = this;
    const tiles = pixel_values.shape[0] / this.vision.patches;
    const connect: Stage = {
      reads: ['seen', ...(before?.reads ?? [])],
      forward: (scope, { seen, ...ports }) => {
        const wide = squares > 1 ? spaceToDepth(seen, squares) : seen;
        const [count, rows, width] = wide.shape;
        const some = before?.forward(scope, reshape(wide, [count * rows, width]), ports);
        const features = this.connector.forward(scope, some ? reshape(some, [1, ...some.shape]) : wide);
        return { features: reshape(features, [features.shape[0] * features.shape[1], features.shape[2]]) };
      },
    };
    if (!after) return [...this.vision.stages(tiles), connect];
    const arrange: Stage = {
      reads: ['features', ...after.reads],
      forward: (scope, { features, ...ports }) => ({ features: after.forward(scope, features, ports) }),
    };
    return [...this.vision.stages(tiles), connect, arrange];
  }

  /** Of a tile, before the connector. */
  private get rows(): number {
    return this.vision.rows / this.squares ** 2;
  }

  /** Features of a medium behind the connector. */
  private connected(grid: Grid, kind: MediaKind): number {
    const rows = this.before?.rows(grid, kind);
    return rows === undefined ? grid[0] * this.connector.rows(this.rows) : this.connector.rows(rows);
  }
}
