/** Learned positions of a square, stretched over pictures of any size: told on the host, so that the table itself trains. */
import { constant, gather, mul, reshape, type Tensor } from '../../graph/index.js';
import { Embedding } from '../embedding.js';
import type { Grid } from '../media/tower.js';
import { Module } from '../module.js';
import { Parameter } from '../parameter.js';
import type { Scope } from '../scope.js';
import { placeOf } from './patch-layout.js';

export interface PositionTable {
  /** Rows and columns that it has. */
  readonly side: number;
  /**
   * `bilinear` with corners on corners (Qwen3-VL); `bilinear-edges` with edges on edges (Step3-VL, Keye-VL), or `bicubic` so, by Keys' cubic with
   * a = −0.75 (GLM-4.1V), where rows beyond the table are those at its edge; or `axes`: one row for each column and one for each line of patches,
   * which are added, of a table of as many of each (Gemma 4).
   */
  readonly filter: keyof typeof FILTERS | 'axes';
  /** Whether checkpoints hold a table of all places as [side, side, D]. */
  readonly square?: boolean;
  /** What checkpoints call its values: `weight` when absent. */
  readonly name?: string;
}

/** @param width D */
export function makeTable(
  { side, filter, square, name }: PositionTable,
  width: number,
): Embedding | FoldedTable {
  if (filter === 'axes') return new FoldedTable([2, side, width], name);
  return square ? new FoldedTable([side, side, width], name) : new Embedding(side ** 2, width);
}

/** A table that checkpoints hold as [A, B, D]: ids int32 [N] of A · B rows -> [N, D]. */
export class FoldedTable extends Module {
  readonly weight: Parameter;

  constructor(shape: readonly [number, number, number], name = 'weight') {
    super();
    this.names = { weight: name };
    this.weight = new Parameter(shape);
  }

  forward(scope: Scope, ids: Tensor): Tensor {
    const [first, second, width] = this.weight.shape;
    return gather(reshape(scope.param(this.weight), [first * second, width]), ids);
  }
}

/** Rows of a table and what each counts for, which together lie over patches: [P, taps], as many for each. */
export interface TableRows {
  readonly index: Int32Array;
  readonly share: Float32Array;
}

type Taps = readonly (readonly [at: number, share: number])[];

/** In float32, as PyTorch does it. Padding reads nothing. */
export function tableRows(
  grids: readonly Grid[],
  merge: number,
  { side, filter }: PositionTable,
  padded: number,
): TableRows {
  if (filter === 'axes') return axisRows(grids, merge, side, padded);
  const taps = FILTERS[filter];
  const each = taps(0, 1, side).length ** 2;
  const index = new Int32Array(padded * each);
  const share = new Float32Array(padded * each);
  let to = 0;
  for (const [frames, rows, columns] of grids) {
    for (let i = 0; i < frames * rows * columns; i++) {
      const [row, column] = placeOf(i % (rows * columns), columns, merge);
      const across = taps(column, columns, side);
      for (const [y, down] of taps(row, rows, side)) {
        for (const [x, part] of across) {
          index[to] = y * side + x;
          share[to++] = down * part;
        }
      }
    }
  }
  return { index, share };
}

/** What each row of a square table, [from², D], counts for where it is stretched over another square: [to², from²]. As PyTorch does it: bicubic, edges on edges. */
export function squareShares(from: number, to: number): Tensor {
  const shares = new Array<number>(to * from).fill(0);
  for (let i = 0; i < to; i++) for (const [at, share] of bicubic(i, to, from)) shares[i * from + at] += share;
  const axis = constant(shares, [to, from]);
  const both = mul(reshape(axis, [to, 1, from, 1]), reshape(axis, [1, to, 1, from]));
  return reshape(both, [to * to, from * from]);
}

/** The row of a square table that is nearest to each patch of a picture, int32 [rows · columns]: as `torch.bucketize` finds them. */
export function nearestRows(rows: number, columns: number, side: number): Int32Array {
  const at = (i: number, size: number): number => Math.floor((i * side) / size);
  const index = new Int32Array(rows * columns);
  for (let i = 0; i < index.length; i++) {
    index[i] = at(Math.floor(i / columns), rows) * side + at(i % columns, columns);
  }
  return index;
}

/**
 * What each row of a square table counts for at each patch of a picture, [rows · columns, side²]: bicubic, edges on edges, and over as
 * many rows as lie on a patch where the table is shrunk (timm; Pillow's way, a = −0.5).
 */
export function stretchedShares(rows: number, columns: number, side: number): Float32Array {
  const [down, across] = [stretchMatrix(rows, side), stretchMatrix(columns, side)];
  const shares = new Float32Array(rows * columns * side * side);
  let to = 0;
  for (const vertical of down)
    for (const horizontal of across)
      for (const y of vertical) for (const x of horizontal) shares[to++] = y * x;
  return shares;
}

/** What each of `side` values counts for at each of `size` places. */
export function stretchMatrix(size: number, side: number): readonly (readonly number[])[] {
  const scale = Math.max(1, side / size);
  return Array.from({ length: size }, (_, i) => {
    const centre = ((i + 0.5) * side) / size;
    const first = Math.max(0, Math.trunc(centre - 2 * scale + 0.5));
    const end = Math.min(side, Math.trunc(centre + 2 * scale + 0.5));
    const weights = Array.from({ length: side }, (_, at) =>
      at < first || at >= end ? 0 : cubic(Math.abs(at - centre + 0.5) / scale, -0.5),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
}

/** Rows of columns, then those of lines. */
function axisRows(grids: readonly Grid[], merge: number, side: number, padded: number): TableRows {
  const index = new Int32Array(2 * padded);
  const share = new Float32Array(2 * padded);
  let to = 0;
  for (const [frames, rows, columns] of grids) {
    for (let i = 0; i < frames * rows * columns; i++) {
      const [row, column] = placeOf(i % (rows * columns), columns, merge);
      for (const at of [column, side + row]) {
        index[to] = at;
        share[to++] = 1;
      }
    }
  }
  return { index, share };
}

function bilinear(i: number, size: number, side: number): Taps {
  const at = Math.fround(Math.fround(i * (side - 1)) / Math.max(1, size - 1));
  const below = Math.floor(at);
  const rest = Math.fround(at - below);
  return [
    [below, Math.fround(1 - rest)],
    [Math.min(side - 1, below + 1), rest],
  ];
}

function bilinearEdges(i: number, size: number, side: number): Taps {
  const scale = Math.fround(side / size);
  const at = Math.max(0, Math.fround(Math.fround((i + 0.5) * scale) - 0.5));
  const below = Math.min(side - 1, Math.floor(at));
  const rest = Math.fround(at - below);
  return [
    [below, Math.fround(1 - rest)],
    [Math.min(side - 1, below + 1), rest],
  ];
}

function bicubic(i: number, size: number, side: number): Taps {
  const at = ((i + 0.5) / size) * side - 0.5;
  const below = Math.floor(at);
  return [-1, 0, 1, 2].map((step) => [
    Math.min(side - 1, Math.max(0, below + step)),
    cubic(Math.abs(at - below - step), -0.75),
  ]);
}

/** @param x distance */
function cubic(x: number, a: number): number {
  if (x >= 2) return 0;
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

const FILTERS = { bilinear, 'bilinear-edges': bilinearEdges, bicubic };
