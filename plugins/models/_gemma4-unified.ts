/** What Gemma 4 12B has in the place of towers: patches and samples go into the language model through a few layers. */
import { add, gather, reshape, transpose, type HostTensor, type Tensor } from 'swift-ts/graph';
import {
  LayerNorm,
  Linear,
  MediaTower,
  Parameter,
  PlainRmsNorm,
  roomFor,
  type Grid,
  type InputShapes,
  type LinearLike,
  type Medium,
  type Scope,
  type Stage,
} from 'swift-ts/nn';
import type { AudioClip, AudioProcessor, AudioSize, PlacedMedium } from 'swift-ts/plugin';

/** Eps of norms that no config tells of. */
const EPS = 1e-5;
/** The fewest features that are computed at once. */
const FEWEST = 64;

export interface EmbeddedPatchSize {
  /** Side of a patch in pixels. */
  readonly patch_size: number;
  readonly width: number;
  /** Columns, and lines, that have a position. */
  readonly side: number;
  readonly hidden_size: number;
  readonly eps: number;
}

/** Patches as features: normed, through a layer, normed, placed by column and line, normed twice and projected. Grids are [frames, rows, columns, …]. */
export class EmbeddedPatches extends MediaTower {
  readonly patch_ln1: LayerNorm;
  patch_dense: LinearLike;
  readonly patch_ln2: LayerNorm;
  /** [side, 2, D] */
  readonly pos_embedding: Parameter;
  readonly pos_norm: LayerNorm;
  readonly norm: PlainRmsNorm;
  embedding_projection: LinearLike;

  constructor(
    private readonly size: EmbeddedPatchSize,
    name: string,
  ) {
    super();
    const { patch_size, width, side, hidden_size, eps } = size;
    const parts = ['patch_ln1', 'patch_dense', 'patch_ln2', 'pos_embedding', 'pos_norm'];
    this.names = {
      ...Object.fromEntries(parts.map((part) => [part, `${name}.${part}`])),
      embedding_projection: `${name}.multimodal_embedder.embedding_projection`,
    };
    const values = 3 * patch_size ** 2;
    this.patch_ln1 = new LayerNorm(values, EPS);
    this.patch_dense = new Linear(values, width, { bias: true });
    this.patch_ln2 = new LayerNorm(width, EPS);
    this.pos_embedding = new Parameter([side, 2, width]);
    this.pos_norm = new LayerNorm(width, EPS);
    this.norm = new PlainRmsNorm(width, eps);
    this.embedding_projection = new Linear(width, hidden_size);
  }

  features([frames, rows, columns]: Grid): number {
    return frames * rows * columns;
  }

  smallest(): readonly Medium[] {
    return [{ kind: 'image', values: new Float32Array(3 * this.size.patch_size ** 2), grid: [1, 1, 1] }];
  }

  /** `pixel_values` [P, values]; `patch_columns` and `patch_lines` int32 [P], rows of the table's pairs. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const count = media.reduce((sum, { grid }) => sum + this.features(grid), 0);
    const padded = roomFor(count, FEWEST);
    const values = 3 * this.size.patch_size ** 2;
    const pixels = new Float32Array(padded * values);
    const [across, down] = [new Int32Array(padded), new Int32Array(padded)];
    let patch = 0;
    for (const { grid, values: own } of media) {
      pixels.set(own, patch * values);
      const [, rows, columns] = grid;
      for (let i = this.features(grid); i > 0; i--, patch++) {
        const place = (this.features(grid) - i) % (rows * columns);
        across[patch] = 2 * (place % columns);
        down[patch] = 2 * Math.floor(place / columns) + 1;
      }
    }
    return {
      pixel_values: { dtype: 'float32', shape: [padded, values], data: pixels },
      patch_columns: { dtype: 'int32', shape: [padded], data: across },
      patch_lines: { dtype: 'int32', shape: [padded], data: down },
    };
  }

  stages({ pixel_values }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    return [
      {
        reads: ['pixel_values', 'patch_columns', 'patch_lines'],
        forward: (scope, ports) => ({
          features: this.embed(scope, ports.pixel_values, [ports.patch_columns, ports.patch_lines]),
        }),
      },
    ];
  }

  private embed(scope: Scope, pixels: Tensor, places: readonly Tensor[]): Tensor {
    const { side, width } = this.size;
    const dense = this.patch_dense.forward(scope, this.patch_ln1.forward(scope, byPixels(pixels)));
    const table = reshape(scope.param(this.pos_embedding), [2 * side, width]);
    const rows = this.patch_ln2.forward(scope, dense);
    const placed = places.reduce((sum, index) => add(sum, gather(table, index)), rows);
    const normed = this.norm.forward(scope, this.pos_norm.forward(scope, placed));
    return this.embedding_projection.forward(scope, normed);
  }
}

/** Rows of patches [P, values], channel by channel -> pixel by pixel, as checkpoints have them. */
function byPixels(rows: Tensor): Tensor {
  const [count, values] = rows.shape;
  return reshape(transpose(reshape(rows, [count, 3, values / 3]), [0, 2, 1]), rows.shape);
}

/** Runs of samples as features, normed and projected. Grids are [runs]. */
export class EmbeddedSamples extends MediaTower {
  readonly norm: PlainRmsNorm;
  embedding_projection: LinearLike;

  /** @param samples of a run */
  constructor(
    private readonly samples: number,
    { hidden_size, eps }: { readonly hidden_size: number; readonly eps: number },
    name: string,
  ) {
    super();
    this.names = { embedding_projection: `${name}.embedding_projection` };
    this.norm = new PlainRmsNorm(samples, eps);
    this.embedding_projection = new Linear(samples, hidden_size);
  }

  features([runs]: Grid): number {
    return runs;
  }

  smallest(): readonly Medium[] {
    return [{ kind: 'audio', values: new Float32Array(this.samples), grid: [1] }];
  }

  /** `audio_values` [F, samples] */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const runs = media.reduce((sum, { grid }) => sum + grid[0], 0);
    const shape = [roomFor(runs, FEWEST), this.samples];
    const data = new Float32Array(shape[0] * shape[1]);
    media.reduce((at, { values }) => {
      data.set(values, at);
      return at + values.length;
    }, 0);
    return { audio_values: { dtype: 'float32', shape, data } };
  }

  stages({ audio_values }: InputShapes): readonly Stage[] {
    if (!audio_values) return [];
    return [
      {
        reads: ['audio_values'],
        forward: (scope, ports) => ({
          features: this.embedding_projection.forward(scope, this.norm.forward(scope, ports.audio_values)),
        }),
      },
    ];
  }
}

export interface RawSoundOptions {
  readonly token: string;
  readonly text: (sound: PlacedMedium) => string;
  readonly rate: number;
  /** Samples of a run, the last one filled up with silence. */
  readonly samples: number;
}

/** Sounds as they are, in runs of samples. Grids are [runs], values [runs, samples]. */
export class RawSounds implements AudioProcessor {
  readonly token: string;
  readonly rate: number;

  constructor(private readonly options: RawSoundOptions) {
    this.token = options.token;
    this.rate = options.rate;
  }

  text(sound: PlacedMedium): string {
    return this.options.text(sound);
  }

  grid({ length }: AudioSize): Grid {
    return [Math.ceil(length / this.options.samples)];
  }

  process({ samples }: AudioClip): Float32Array {
    const [runs] = this.grid(samples);
    const values = new Float32Array(runs * this.options.samples);
    values.set(samples);
    return values;
  }
}
