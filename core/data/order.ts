/** The order in which rows are seen. */
import { SeededRandom } from './random.js';

/**
 * A random order of the numbers 0 .. rows-1. Each pass over the data has one of its own, and each window of a stream: the
 * first one's is that of a set which fits into it, so that streamed and in memory a small set is seen in one order.
 */
export function rowOrder(rows: number, seed: number, epoch: number, window = 0): Uint32Array {
  const at = window === 0 ? [epoch] : [epoch, window];
  return SeededRandom.stream(seed, 'order', ...at).permutation(rows);
}
