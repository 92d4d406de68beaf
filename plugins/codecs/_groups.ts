/** Groups of columns as files have them, and as they are held: even, in whole numbers to a row. */

import type { CodedTensors } from 'swift-ts/plugin';

export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Columns that share a scale in memory: those of the file's `group`, or a part of them that divides a row. */
export function heldGroup(columns: number, group: number): number {
  // A whole row's scale is repeated, for kernels that want groups.
  return group >= columns ? gcd(columns, 128) : gcd(columns, group);
}

/** What a file has per group and row, [G, N], per row and held group, [N, K/held]. @param of the file's group of each held one */
export function byRows<T extends Float32Array | Uint8Array>(
  values: T,
  rows: number,
  of: Int32Array,
  into: T,
): T {
  const held = of.length;
  for (let i = 0; i < held; i++) {
    const from = of[i] * rows;
    for (let row = 0; row < rows; row++) into[row * held + i] = values[from + row];
  }
  return into;
}

export interface ColumnGroups {
  /** Columns group by group, where they do not lie so. */
  readonly order?: Int32Array;
  /** Columns of a held group, and of which of the file's each one is a part. */
  readonly group: number;
  readonly of: Int32Array;
  /** Of the file. */
  readonly groups: number;
}

/** @param word by which the codec calls g_idx: the group of each column @param stated columns of a group; -1: all */
export function columnGroups(
  tensors: CodedTensors,
  word: string,
  columns: number,
  stated: number,
): ColumnGroups {
  const width = stated === -1 ? columns : stated;
  const groups = Math.ceil(columns / width);
  const isListed = tensors.has(word) && tensors.shapeOf(word)[0] > 0;
  const index = isListed ? tensors.take(word, 'int32', [columns]) : undefined;
  const sizes = new Int32Array(groups);
  let isInOrder = true;
  for (let i = 0; i < columns; i++) {
    const of = index ? index[i] : Math.floor(i / width);
    if (of < 0 || of >= groups) throw tensors.error(`has g_idx ${of}, and ${groups} groups`);
    sizes[of]++;
    if (index && i > 0 && index[i] < index[i - 1]) isInOrder = false;
  }
  const group = groups === 1 ? heldGroup(columns, width) : sizes.reduce(gcd, 0);
  if (group % 2 !== 0) throw tensors.error(`has groups of ${[...new Set(sizes)].join(' and ')} columns`);
  const starts = new Int32Array(groups);
  for (let i = 1; i < groups; i++) starts[i] = starts[i - 1] + sizes[i - 1];
  const of = new Int32Array(columns / group);
  for (let i = 0; i < groups; i++) of.fill(i, starts[i] / group, (starts[i] + sizes[i]) / group);
  if (!index || isInOrder) return { group, of, groups };
  const order = new Int32Array(columns);
  for (let i = 0; i < columns; i++) order[starts[index[i]]++] = i;
  return { order, group, of, groups };
}
