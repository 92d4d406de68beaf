import { SwiftError } from '../errors.js';
import { SeededRandom } from './random.js';

export interface SamplerOptions {
  /** Number of samples (or packed rows). */
  readonly size: number;
  readonly batchSize: number;
  readonly seed: number;
  /** False keeps the given order in every epoch. */
  readonly shuffle?: boolean;
  /** Token counts; with them a batch holds samples of near lengths, which saves padding. */
  readonly lengths?: readonly number[];
}

/** Samples in a group from which batches of near lengths are made: enough to find neighbours, still shuffled. */
const GROUP = 50;

/**
 * The order of batches over all epochs. Batch `index` is a pure function of the options, so a data cursor is that
 * one number: resuming means going on to count. Each epoch has an order of its own; the last batch may be smaller.
 */
export class Sampler {
  readonly batchesPerEpoch: number;
  #epoch = -1;
  #batches: number[][] = [];

  /** @throws SwiftError EMPTY_DATASET when there are no samples. */
  constructor(private readonly options: SamplerOptions) {
    if (options.size < 1) {
      throw new SwiftError('EMPTY_DATASET', 'There are no samples to train on.', {
        cure: 'See the report of the data above for why rows were dropped.',
      });
    }
    this.batchesPerEpoch = Math.ceil(options.size / options.batchSize);
  }

  /** Samples of the batch with this number, counted from 0 over all epochs. */
  batchAt(index: number): readonly number[] {
    const epoch = Math.floor(index / this.batchesPerEpoch);
    if (epoch !== this.#epoch) {
      this.#batches = this.#makeEpoch(epoch);
      this.#epoch = epoch;
    }
    return this.#batches[index % this.batchesPerEpoch];
  }

  #makeEpoch(epoch: number): number[][] {
    const { size, batchSize, seed, shuffle = true, lengths } = this.options;
    const random = SeededRandom.stream(seed, 'order', epoch);
    const order = shuffle ? [...random.permutation(size)] : Array.from({ length: size }, (_, i) => i);
    if (lengths === undefined) return slices(order, batchSize);
    const grouped = slices(order, batchSize * GROUP).flatMap((group) =>
      group.sort((a, b) => lengths[b] - lengths[a]),
    );
    const batches = slices(grouped, batchSize);
    // The smaller batch stays last; the longest comes first, so that memory runs out early or not at all.
    const full = batches.filter((batch) => batch.length === batchSize);
    const mixed = shuffle ? [...random.permutation(full.length)].map((i) => full[i]) : full;
    const longest = mixed.reduce(
      (best, batch, i) => (lengths[batch[0]] > lengths[mixed[best][0]] ? i : best),
      0,
    );
    if (epoch === 0 && mixed.length > 0) mixed.unshift(...mixed.splice(longest, 1));
    return [...mixed, ...batches.filter((batch) => batch.length < batchSize)];
  }
}

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
