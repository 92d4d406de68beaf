import type { HostTensor } from '../contracts/backend.js';
import { MASKED } from '../graph/index.js';
import type { OpenRuns } from './both-ways.js';

/** How far back a query sees: all earlier positions where nothing is said. */
export interface Reach {
  /** So many positions, its own included. */
  readonly window?: number;
  /** To the begin of its chunk of so many. */
  readonly chunk?: number;
}

/** The first position of its sample that one sees. */
function firstSeen(position: number, { window = Infinity, chunk }: Reach): number {
  const first = Math.max(0, position + 1 - window);
  return chunk === undefined ? first : Math.max(first, position - (position % chunk));
}

/** Additive causal mask [T, T], shared by every row of a batch. */
export function causalMask(length: number, reach: Reach = {}): HostTensor {
  const data = new Float32Array(length * length).fill(MASKED);
  for (let query = 0; query < length; query++)
    data.fill(0, query * length + firstSeen(query, reach), query * length + query + 1);
  return { dtype: 'float32', shape: [length, length], data };
}

export interface PackedMaskOptions extends Reach {
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
  { bidirectional = false, ...reach }: PackedMaskOptions = {},
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
      const last = bidirectional ? Math.min(end, query + (reach.window ?? length)) : query + 1;
      data.fill(0, at + start + firstSeen(query - start, reach), at + last);
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
