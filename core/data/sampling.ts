import type { SeededRandom } from './random.js';

/**
 * Which rows `#wanted` takes of `total`: below the total that many without replacement; above it first whole copies
 * of all rows, then the rest without replacement.
 */
export function sampleIndices(total: number, wanted: number, random: SeededRandom): number[] {
  if (total === 0) return [];
  const copies = Math.floor(wanted / total);
  const indices: number[] = [];
  for (let copy = 0; copy < copies; copy++) for (let i = 0; i < total; i++) indices.push(i);
  return indices.concat([...random.permutation(total).subarray(0, wanted - copies * total)]);
}

/**
 * Splits rows at random into training and validation, each in its former order. A ratio above 0 gives at least one
 * validation row and leaves at least one training row.
 *
 * @param ratio share of validation rows, 0 to below 1.
 */
export function splitRows<Row>(
  rows: readonly Row[],
  ratio: number,
  random: SeededRandom,
): { train: Row[]; val: Row[] } {
  const count = ratio > 0 ? Math.min(Math.max(1, Math.floor(rows.length * ratio)), rows.length - 1) : 0;
  const chosen = new Set(random.permutation(rows.length).subarray(0, Math.max(0, count)));
  return { train: rows.filter((_, i) => !chosen.has(i)), val: rows.filter((_, i) => chosen.has(i)) };
}
