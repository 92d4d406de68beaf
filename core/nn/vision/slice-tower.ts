import { MASKED, reshape, type HostTensor } from '../../graph/index.js';
import type { MediaKind } from '../media/kinds.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import type { Names } from '../module.js';
import type { Stage } from '../stage.js';
import { nearestRows, stretchedShares } from './position-table.js';
import type { PatchGrid, Resampler } from './resampler.js';
import { stepsFor } from './room.js';
import type { Vit } from './vit.js';

export interface SliceParts {
  /** With `positions`. */
  readonly vision: Vit;
  readonly resampler: Resampler;
  /** Whether positions count all patches of a picture as one line. */
  readonly lined?: boolean;
  /** Where the parts lie in checkpoints. */
  readonly names: Names;
}

/**
 * Pictures of any size, and slices of them, each a row of patches of its own (MiniCPM-V; Yao et al., 2024, arXiv 2408.01800). Values are
 * patches, row by row. Grids of images are [pictures, rows, columns], of sliced ones [pictures, rows, columns, down, across, rows of a
 * slice, columns of a slice]; those of videos [pictures, frames, rows, columns].
 */
export class SliceTower extends MediaTower {
  readonly vision: Vit;
  readonly resampler: Resampler;
  private readonly lined: boolean;

  constructor({ vision, resampler, lined = false, names }: SliceParts) {
    super();
    this.vision = vision;
    this.resampler = resampler;
    this.lined = lined;
    this.names = names;
  }

  features(grid: Grid): number {
    return grid[0] * this.resampler.size.queries;
  }

  smallest(): readonly Medium[] {
    return [
      { kind: 'image', values: new Float32Array(3 * this.vision.size.patch_size ** 2), grid: [1, 1, 1] },
    ];
  }

  /** `pixel_values` [pictures · S, 3 · patch²], `patch_places`, `patch_mask` [pictures, S], and what the resampler reads. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const grids = media.flatMap(({ grid, kind }) => pictures(grid, kind));
    const room = stepsFor(grids.length);
    const length = stepsFor(Math.max(...grids.map(([rows, columns]) => rows * columns)));
    const width = 3 * this.vision.size.patch_size ** 2;
    const pixels = new Float32Array(room * length * width);
    const mask = new Float32Array(room * length);
    const values = media.flatMap((medium) => cut(medium, width));
    values.forEach((own, i) => {
      pixels.set(own, i * length * width);
      mask.fill(MASKED, i * length + own.length / width, (i + 1) * length);
    });
    return {
      pixel_values: { dtype: 'float32', shape: [room * length, width], data: pixels },
      patch_mask: { dtype: 'float32', shape: [room, length], data: mask },
      patch_places: this.places(grids, room, length),
      ...this.resampler.inputs(grids, room, length),
    };
  }

  stages({ patch_mask }: InputShapes): readonly Stage[] {
    if (!patch_mask) return [];
    const [count, length] = patch_mask.shape;
    const { queries, hidden_size } = this.resampler.size;
    const resample: Stage = {
      reads: ['seen', 'patch_mask', ...this.resampler.reads],
      forward: (scope, { seen, ...ports }) => {
        const features = this.resampler.forward(scope, seen, ports);
        return { features: reshape(features, [count * queries, hidden_size]) };
      },
    };
    return [...this.vision.stages(count, length), resample];
  }

  private places(grids: readonly PatchGrid[], room: number, length: number): HostTensor {
    const { side, patches, size } = this.vision;
    if (size.positions === 'nearest') {
      const data = new Int32Array(room * length);
      grids.forEach(([rows, columns], i) => {
        const lying = this.lined ? nearestRows(1, rows * columns, side) : nearestRows(rows, columns, side);
        data.set(lying, i * length);
      });
      return { dtype: 'int32', shape: [room * length], data };
    }
    const data = new Float32Array(room * length * patches);
    grids.forEach(([rows, columns], i) =>
      data.set(stretchedShares(rows, columns, side), i * length * patches),
    );
    return { dtype: 'float32', shape: [room * length, patches], data };
  }
}

/** The pictures that a medium is made of. */
function pictures(grid: Grid, kind: MediaKind): PatchGrid[] {
  if (kind === 'video') {
    const [count, , rows, columns] = grid;
    return new Array<PatchGrid>(count).fill([rows, columns]);
  }
  const [count, rows, columns, , , sliceRows, sliceColumns] = grid;
  return [[rows, columns], ...new Array<PatchGrid>(count - 1).fill([sliceRows, sliceColumns])];
}

/** The values of each picture of a medium. */
function cut({ values, grid, kind }: Medium, width: number): Float32Array[] {
  let from = 0;
  return pictures(grid, kind).map(([rows, columns]) => {
    const own = values.subarray(from, from + rows * columns * width);
    from += own.length;
    return own;
  });
}
