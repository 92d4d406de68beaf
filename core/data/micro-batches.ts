import type { Batch } from '../contracts/batch.js';
import type { Sample } from '../contracts/template.js';
import { bucketLadder, roundUpToBucket } from './buckets.js';
import { collate } from './collate.js';
import { packSamples } from './packing.js';
import { sequencesOf, tokensOf } from './sequences.js';

/** Tokens per forward and backward pass: activations of more leave the CPU's caches (docs/adr/0001). */
const MICRO_TOKENS = 512;

/** Shorter rows would each be a graph of their own and save next to nothing. */
const SHORTEST_ROW = 64;

/** Row lengths of a run: few, so that few graphs are compiled. @param longest tokens of the longest sequence */
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

/** A batch with the samples whose sequences lie in it, in their order. */
export interface MicroBatch extends Batch {
  readonly of: readonly Sample[];
}

/**
 * Lays the samples of one optimizer step out for the engine: short ones side by side in rows of up to MICRO_TOKENS, each
 * sequence attending only to itself, longer ones alone, each sequence in a row of its own. Sequences of a sample stay
 * together. No padding but at row ends, few shapes, and the same loss as one padded batch, since token losses add up.
 */
export function microBatches(
  samples: readonly Sample[],
  { lengths, padTokenId, packs }: MicroBatchOptions,
): MicroBatch[] {
  const layOut = (
    of: readonly Sample[],
    rows: readonly (readonly Sample[])[],
    packed: boolean,
  ): MicroBatch => {
    const tokens = rows.map((row) => row.reduce((sum, { input_ids }) => sum + input_ids.length, 0));
    const seq = roundUpToBucket(Math.max(...tokens), lengths);
    return { ...collate(rows, { seq, pad_token_id: padTokenId, packed }), of };
  };
  const apart = (sample: Sample): MicroBatch =>
    layOut(
      [sample],
      sequencesOf(sample).map((sequence) => [sequence]),
      false,
    );
  if (!packs) return samples.map(apart);
  const short = samples.filter((sample) => tokensOf(sample) <= MICRO_TOKENS);
  const together = packSamples(short.map(tokensOf), MICRO_TOKENS).map((row) => {
    const of = row.map((i) => short[i]);
    return layOut(of, [of.flatMap(sequencesOf)], true);
  });
  return [...together, ...samples.filter((sample) => tokensOf(sample) > MICRO_TOKENS).map(apart)];
}

/** Tokens that a batch supervises. */
export function supervisedTokens({ labels }: Batch): number {
  let count = 0;
  for (const label of labels) if (label >= 0) count++;
  return count;
}
