import { reshape, type HostTensor } from '../../graph/index.js';
import type { Names } from '../module.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import type { Stage } from '../stage.js';
import type { Connector } from './connector.js';
import type { Vit } from './vit.js';

/** Pictures, or frames of videos, as tiles of one size: a transformer over each, and what leads into the language model. Grids are [tiles, …]. */
export class TileTower extends MediaTower {
  readonly vision: Vit;
  readonly connector: Connector;

  /** @param names where the two parts lie in checkpoints */
  constructor(vision: Vit, connector: Connector, names: Names) {
    super();
    this.vision = vision;
    this.connector = connector;
    this.names = names;
  }

  features([tiles]: Grid): number {
    return tiles * this.connector.rows(this.vision.rows);
  }

  smallest(): Medium {
    const { image_size: side } = this.vision.size;
    return { kind: 'image', values: new Float32Array(3 * side * side), grid: [1] };
  }

  /** `pixel_values` [tiles · patches, 3 · patch²] */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const tiles = roomFor(media.reduce((sum, { grid }) => sum + grid[0], 0));
    const data = this.vision.patchRows(
      media.map(({ values }) => values),
      tiles,
    );
    const rows = tiles * this.vision.patches;
    return { pixel_values: { dtype: 'float32', shape: [rows, data.length / rows], data } };
  }

  stages({ pixel_values }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    const tiles = pixel_values.shape[0] / this.vision.patches;
    const connect: Stage = {
      reads: ['seen'],
      forward: (scope, { seen }) => {
        const features = this.connector.forward(scope, seen);
        const [count, rows, width] = features.shape;
        return { features: reshape(features, [count * rows, width]) };
      },
    };
    return [...this.vision.stages(tiles), connect];
  }
}

/** One of few numbers of tiles, so that few graphs are compiled; none adds more than a third. */
function roomFor(tiles: number): number {
  let step = 1;
  while (tiles > 8 * step) step *= 2;
  return Math.ceil(tiles / step) * step;
}
