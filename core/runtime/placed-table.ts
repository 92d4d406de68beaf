import type { HostTensor } from '../contracts/backend.js';

/**
 * Rotary tables of tokens that have several positions: of each token a row, in which frequency i is taken at the token's
 * position on axis `axes[i]`.
 * @param table [positions, dims / 2], cos or sin
 * @param positions int32 [axes, N]
 * @returns [N, dims / 2]
 */
export function placedTable(table: HostTensor, positions: Int32Array, axes: readonly number[]): HostTensor {
  const half = axes.length;
  const tokens = positions.length / 3;
  const from = table.data as Float32Array;
  const data = new Float32Array(tokens * half);
  for (let token = 0; token < tokens; token++) {
    for (let i = 0; i < half; i++) {
      data[token * half + i] = from[positions[axes[i] * tokens + token] * half + i];
    }
  }
  return { dtype: 'float32', shape: [tokens, half], data };
}

/** How many rows such a table needs: time may pass faster than tokens. @param least that it has */
export function rowsFor(positions: Int32Array, least: number): number {
  const last = positions.reduce((most, position) => Math.max(most, position), 0);
  let rows = least;
  while (rows <= last) rows *= 2;
  return rows;
}

/** 0, 1, …: the row of each token in such a table, int32. */
export function rowsInOrder(shape: readonly number[]): HostTensor {
  const data = new Int32Array(shape.reduce((size, dim) => size * dim, 1));
  for (let i = 0; i < data.length; i++) data[i] = i;
  return { dtype: 'int32', shape, data };
}
