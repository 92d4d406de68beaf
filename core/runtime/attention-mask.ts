import type { HostTensor } from '../contracts/backend.js';
import { MASKED } from '../graph/index.js';
import type { OpenRuns } from './both-ways.js';

/**
 * Additive causal mask [T, T], shared by every row of a batch.
 * @param window positions a query sees, its own included; all earlier ones when absent
 */
export function causalMask(length: number, window = length): HostTensor {
  const data = new Float32Array(length * length).fill(MASKED);
  for (let query = 0; query < length; query++) {
    data.fill(0, query * length + Math.max(0, query + 1 - window), query * length + query + 1);
  }
  return { dtype: 'float32', shape: [length, length], data };
}

export interface PackedMaskOptions {
  /** As in `causalMask`. */
  readonly window?: number;
  /** Positions see as many later ones. */
  readonly bidirectional?: boolean;
}

/**
 * Additive, block-diagonal mask [B, T, T]: positions see positions of their own sample only, earlier ones or all.
 * @param segmentIds [B·T], one number per packed sample of a row; padding is as a sample
 */
export function packedMask(
  segmentIds: Int32Array,
  batch: number,
  length: number,
  { window = length, bidirectional = false }: PackedMaskOptions = {},
): HostTensor {
  const data = new Float32Array(batch * length * length).fill(MASKED);
  for (let row = 0; row < batch; row++) {
    const ids = segmentIds.subarray(row * length, (row + 1) * length);
    let start = 0;
    let end = 0;
    for (let query = 0; query < length; query++) {
      if (ids[query] !== ids[start]) start = query;
      while (end < length && ids[end] === ids[query]) end++;
      const at = (row * length + query) * length;
      const last = bidirectional ? Math.min(end, query + window) : query + 1;
      data.fill(0, at + Math.max(start, query + 1 - window), at + last);
    }
  }
  return { dtype: 'float32', shape: [batch, length, length], data };
}

/** Queries of a row of samples, and the keys that they are masked against. */
export interface OpenQueries {
  /** Among all queries: row · T + number. */
  readonly at: number;
  /** Number of the first key of their sample. */
  readonly firstKey: number;
  /** The first one's position in its sample, and how many follow each other. */
  readonly position: number;
  readonly count: number;
  readonly runs: OpenRuns;
}

/**
 * Additive mask [B, T, S] of causal queries, some of which see later positions as well. A query that is in none of the `queries`,
 * padding, sees the first key.
 */
export function openMask(
  [batch, length, keys]: readonly [number, number, number],
  queries: Iterable<OpenQueries>,
  window = Infinity,
): HostTensor {
  const data = new Float32Array(batch * length * keys).fill(MASKED);
  for (let query = 0; query < batch * length; query++) data[query * keys] = 0;
  for (const { at, firstKey, position, count, runs } of queries) {
    for (let i = 0; i < count; i++) {
      const [first, end] = runs.seenFrom(position + i, window);
      const row = (at + i) * keys;
      data[row] = MASKED;
      data.fill(0, row + firstKey + first, row + firstKey + end);
    }
  }
  return { dtype: 'float32', shape: [batch, length, keys], data };
}
