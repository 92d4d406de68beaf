import { concat, gather, mul, reduceSum, reshape, type HostTensor, type Tensor } from '../../graph/index.js';
import type { MediaKind } from '../media/kinds.js';
import type { Grid } from '../media/tower.js';
import { Module } from '../module.js';
import type { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import { roomFor } from './room.js';

/** A row that is there, and its share in one that is made of several. */
export type Share = readonly [row: number, weight: number];

/** Rows as sums of `taps` others. */
export class RowSums {
  readonly rows: number[] = [];
  readonly weights: number[] = [];

  constructor(readonly taps: number) {}

  /** Adds a row that is the sum of these, at most `taps`. Separators are −1, −2, … */
  add(...shares: readonly Share[]): void {
    for (let tap = 0; tap < this.taps; tap++) {
      const [row, weight] = shares[tap] ?? [0, 0];
      this.rows.push(row);
      this.weights.push(weight);
    }
  }

  get count(): number {
    return this.rows.length / this.taps;
  }
}

/** The fewest rows that are computed at once. */
const FEWEST = 64;

/**
 * Puts features of tiles into another order, with separators between, and perhaps interpolated: rows [N, W] -> [F, W]. What goes where
 * is known from grids alone, and comes as inputs of the batch.
 */
export abstract class Arrangement extends Module {
  /** @param port what the names of its inputs begin with @param taps rows that one is made of, at most */
  constructor(
    private readonly port: string,
    private readonly taps: number,
  ) {
    super();
  }

  /** Learned rows [W], or several of them [rows, W], that stand between others: −1, −2, … */
  protected get separators(): readonly Parameter[] {
    return [];
  }

  /** Adds a medium's rows. @param first its first one among those that are there */
  protected abstract arrange(grid: Grid, kind: MediaKind, first: number, sums: RowSums): void;

  /** How many rows a medium becomes. */
  rows(grid: Grid, kind: MediaKind): number {
    const sums = new RowSums(1);
    this.arrange(grid, kind, 0, sums);
    return sums.count;
  }

  /** @param media in order, each with how many rows are there of it */
  inputs(
    media: readonly { readonly grid: Grid; readonly kind: MediaKind; readonly rows: number }[],
  ): Readonly<Record<string, HostTensor>> {
    const sums = new RowSums(this.taps);
    let first = 0;
    for (const { grid, kind, rows } of media) {
      this.arrange(grid, kind, first, sums);
      first += rows;
    }
    const size = roomFor(sums.count, FEWEST) * this.taps;
    const rows = new Int32Array(size);
    const before = this.separators.reduce((sum, { shape }) => sum + rowsIn(shape), 0);
    rows.set(sums.rows.map((row) => (row < 0 ? -1 - row : before + row)));
    const index = { dtype: 'int32', shape: [size], data: rows } as const;
    if (this.taps === 1) return { [this.port]: index };
    const weights = new Float32Array(size);
    weights.set(sums.weights);
    const data = { dtype: 'float32', shape: [size, 1], data: weights } as const;
    return { [this.port]: index, [`${this.port}.weights`]: data };
  }

  /** The ports it reads. */
  get reads(): readonly string[] {
    return this.taps === 1 ? [this.port] : [this.port, `${this.port}.weights`];
  }

  /** rows [N, W] -> [F, W] */
  forward(scope: Scope, rows: Tensor, ports: Readonly<Record<string, Tensor>>): Tensor {
    const width = rows.shape[1];
    const index = ports[this.port];
    const between = this.separators.map((one) => reshape(scope.param(one), [rowsIn(one.shape), width]));
    const taken = gather(between.length > 0 ? concat([...between, rows], 0) : rows, index);
    if (this.taps === 1) return taken;
    const shares = mul(taken, ports[`${this.port}.weights`]);
    return reduceSum(reshape(shares, [index.shape[0] / this.taps, this.taps, width]), [1]);
  }
}

const rowsIn = (shape: readonly number[]): number =>
  shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
