import { concat, reshape, type HostTensor, type Tensor } from '../../graph/index.js';
import { Linear, type LinearLike } from '../linear.js';
import { MediaTower, type Grid, type InputShapes, type Medium } from '../media/tower.js';
import { Module, type Names } from '../module.js';
import type { Stage } from '../stage.js';
import { patchRows } from './patch-rows.js';
import { stepsFor } from './room.js';
import { MapConvolution, rowsOf, type SamEncoder } from './sam-encoder.js';
import type { ViewRows } from './view-rows.js';

/** What looks at the map that Segment Anything's encoder gave. */
export abstract class SecondLook extends Module {
  /** Channels of the map, and width of the rows that it gives. */
  abstract readonly channels: number;
  abstract readonly width: number;
  /** What its stages read of the host, for maps of these sides. */
  abstract inputs(sides: readonly number[]): Readonly<Record<string, HostTensor>>;
  /** From rows of maps in a port, [tiles, side², channels], to rows there, [tiles, side², width]. */
  abstract stages(tiles: number, side: number, port: string): readonly Stage[];
}

export interface DeepParts {
  readonly sam: SamEncoder;
  readonly second: SecondLook;
  readonly after: ViewRows;
  /** Channels between the two convolutions that shrink the first map. */
  readonly middle: number;
  /** Side of a tile in pixels; the whole is as large as the encoder's own. */
  readonly tile_size: number;
  readonly hidden_size: number;
  readonly names: Names;
}

/** How often a map is shrunk on a side. */
const SHRUNK = 4;

/**
 * A whole page and tiles of another size, each through Segment Anything's encoder, two convolutions and a second transformer
 * (DeepSeek-OCR; Wei et al., 2025, arXiv 2510.18234). Values are the whole's pixels, then each tile's; grids [1 + tiles, down, across].
 */
export class DeepTower extends MediaTower {
  readonly sam: SamEncoder;
  readonly conv1: MapConvolution;
  readonly conv2: MapConvolution;
  readonly second: SecondLook;
  linear: LinearLike;
  readonly after: ViewRows;
  private readonly tileSize: number;

  constructor({ sam, second, after, middle, tile_size, hidden_size, names }: DeepParts) {
    super();
    this.names = names;
    this.tileSize = tile_size;
    this.sam = sam;
    this.conv1 = new MapConvolution(sam.size.out, middle, { kernel: 3, stride: 2 });
    this.conv2 = new MapConvolution(middle, second.channels, { kernel: 3, stride: 2 });
    this.second = second;
    this.linear = new Linear(second.width, hidden_size, { bias: true });
    this.after = after;
  }

  features(grid: Grid): number {
    return this.after.rows(grid, 'image');
  }

  smallest(): readonly Medium[] {
    return [{ kind: 'image', values: new Float32Array(this.wholeValues), grid: [1, 0, 0] }];
  }

  /** `pixel_values` of wholes and `tile_values` of tiles, [count · patches, 3 · patch²], where there are any; `view_rows`. */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const wholes = media.map(({ values }) => values.subarray(0, this.wholeValues));
    const tiles = media.map(({ values }) => values.subarray(this.wholeValues));
    const count = media.reduce((sum, { grid }) => sum + grid[0] - 1, 0);
    const room = stepsFor(media.length);
    const [whole, tile] = [this.sideOf(this.wholeSize), this.sideOf(this.tileSize)];
    return {
      pixel_values: this.patches(wholes, room, this.wholeSize),
      ...(count > 0 && { tile_values: this.patches(tiles, stepsFor(count), this.tileSize) }),
      ...this.second.inputs(count > 0 ? [whole, tile] : [whole]),
      view_rows: this.viewRows(media, room),
    };
  }

  stages({ pixel_values, tile_values }: InputShapes): readonly Stage[] {
    if (!pixel_values) return [];
    const wholes = this.look(pixel_values.shape[0], this.wholeSize, 'pixel_values', 'seen');
    const tiles = tile_values
      ? this.look(tile_values.shape[0], this.tileSize, 'tile_values', 'seen_tiles')
      : [];
    const seen = ['seen', ...(tile_values ? ['seen_tiles'] : [])];
    const join: Stage = {
      reads: [...seen, ...this.after.reads],
      forward: (scope, ports) => {
        const rows = seen.map((port) => flat(this.linear.forward(scope, ports[port])));
        return { features: this.after.forward(scope, concat(rows, 0), ports) };
      },
    };
    return [...wholes, ...tiles, join];
  }

  private look(patches: number, size: number, pixels: string, seen: string): readonly Stage[] {
    const side = size / this.sam.size.patch_size;
    const count = patches / side ** 2;
    const shrink: Stage = {
      reads: [seen],
      forward: (scope, { [seen]: states }) => {
        const map = this.conv1.forward(scope, this.sam.neck.forward(scope, states));
        return { [seen]: rowsOf(this.conv2.forward(scope, map)) };
      },
    };
    return [
      ...this.sam.states(count, { pixels, seen }, side),
      shrink,
      ...this.second.stages(count, this.sideOf(size), seen),
    ];
  }

  /** Rows of all wholes come first, then those of all tiles, while the order of views is a picture's own. */
  private viewRows(media: readonly Medium[], room: number): HostTensor {
    const [whole, tile] = [this.sideOf(this.wholeSize) ** 2, this.sideOf(this.tileSize) ** 2];
    const rows = media.map(({ grid, kind }) => ({ grid, kind, rows: whole + (grid[0] - 1) * tile }));
    const { view_rows } = this.after.inputs(rows);
    const from: number[] = [];
    let tiles = room * whole;
    rows.forEach(({ rows: own }, i) => {
      for (let row = 0; row < own; row++) from.push(row < whole ? i * whole + row : tiles++);
    });
    const before = this.after.separators.length;
    const data = new Int32Array(view_rows.data.length);
    for (let i = 0; i < data.length; i++) {
      const row = view_rows.data[i] as number;
      data[i] = row < before ? row : before + from[row - before];
    }
    return { dtype: 'int32', shape: view_rows.shape, data };
  }

  private patches(pixels: readonly Float32Array[], room: number, size: number): HostTensor {
    const { patch_size } = this.sam.size;
    const data = patchRows(pixels, room, { image_size: size, patch_size });
    const rows = room * (size / patch_size) ** 2;
    return { dtype: 'float32', shape: [rows, data.length / rows], data };
  }

  private get wholeSize(): number {
    return this.sam.size.image_size;
  }

  private get wholeValues(): number {
    return 3 * this.wholeSize ** 2;
  }

  /** Rows on a side of the last map. */
  private sideOf(size: number): number {
    return Math.ceil(size / this.sam.size.patch_size / SHRUNK);
  }
}

const flat = (rows: Tensor): Tensor => reshape(rows, [rows.shape[0] * rows.shape[1], rows.shape[2]]);
