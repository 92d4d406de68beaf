import type { HostTensor } from '../contracts/backend.js';
import { MASKED } from '../graph/index.js';

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
