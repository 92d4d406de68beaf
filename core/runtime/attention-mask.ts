import type { HostTensor } from '../contracts/backend.js';

/** Added to the score of a position that must not be seen; finite, so that no row becomes NaN. */
const MASKED = -1e30;

/** Additive causal mask [T, T], shared by every row of a batch. */
export function causalMask(length: number): HostTensor {
  const data = new Float32Array(length * length);
  for (let query = 0; query < length; query++) {
    data.fill(MASKED, query * length + query + 1, (query + 1) * length);
  }
  return { dtype: 'float32', shape: [length, length], data };
}

/**
 * Additive causal, block-diagonal mask [B, T, T]: positions see earlier positions of their own sample only.
 * @param segmentIds [B·T], one number per packed sample of a row
 */
export function packedMask(segmentIds: Int32Array, batch: number, length: number): HostTensor {
  const data = new Float32Array(batch * length * length).fill(MASKED);
  for (let row = 0; row < batch; row++) {
    const ids = segmentIds.subarray(row * length, (row + 1) * length);
    let start = 0;
    for (let query = 0; query < length; query++) {
      if (ids[query] !== ids[start]) start = query;
      const at = (row * length + query) * length;
      data.fill(0, at + start, at + query + 1);
    }
  }
  return { dtype: 'float32', shape: [batch, length, length], data };
}
