import type { Batch } from '../contracts/batch.js';
import { bucketLadder, roundUpToBucket } from '../data/buckets.js';
import { collate } from '../data/collate.js';
import { packSamples } from '../data/packing.js';
import type { Sample } from '../contracts/template.js';

/** Tokens per forward and backward pass: activations of more leave the CPU's caches (docs/adr/0001). */
const MICRO_TOKENS = 512;

/** Shorter rows would each be a graph of their own and save next to nothing. */
const SHORTEST_ROW = 64;

/** Row lengths of a run: few, so that few graphs are compiled. @param longest tokens of the longest sample */
export function rowLengths(longest: number): number[] {
  return bucketLadder(Math.max(MICRO_TOKENS, Math.ceil(longest / 16) * 16), SHORTEST_ROW);
}

export interface MicroBatchOptions {
  /** Row lengths, ascending. */
  readonly lengths: readonly number[];
  readonly padTokenId: number;
  /** Whether the model lets samples share a row. */
  readonly packs: boolean;
}

/**
 * Lays the samples of one optimizer step out for the engine: short samples side by side in rows of up to
 * MICRO_TOKENS, each attending only to itself, longer ones alone. No padding but at row ends, few shapes, and the
 * same loss as one padded batch, since the engine sums token losses.
 */
export function microBatches(
  samples: readonly Sample[],
  { lengths, padTokenId, packs }: MicroBatchOptions,
): Batch[] {
  const lengthOf = (sample: Sample): number => sample.input_ids.length;
  const short = samples.filter((sample) => lengthOf(sample) <= MICRO_TOKENS);
  const long = samples.filter((sample) => lengthOf(sample) > MICRO_TOKENS);
  const layOut = (row: readonly Sample[], packed: boolean): Batch => {
    const tokens = row.reduce((sum, sample) => sum + lengthOf(sample), 0);
    return collate([row], { seq: roundUpToBucket(tokens, lengths), pad_token_id: padTokenId, packed });
  };
  if (!packs) return samples.map((sample) => layOut([sample], false));
  const packedRows = packSamples(short.map(lengthOf), MICRO_TOKENS);
  return [
    ...packedRows.map((row) =>
      layOut(
        row.map((i) => short[i]),
        true,
      ),
    ),
    ...long.map((sample) => layOut([sample], false)),
  ];
}

/** Tokens that a batch supervises. */
export function supervisedTokens({ labels }: Batch): number {
  let count = 0;
  for (const label of labels) if (label >= 0) count++;
  return count;
}
