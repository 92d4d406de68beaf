import type { Sample } from '../contracts/template.js';

/** A sample and its partners, in the objective's order. */
export function sequencesOf(sample: Sample): readonly Sample[] {
  return sample.partners ? [sample, ...sample.partners] : [sample];
}

/** Tokens of a sample and its partners. */
export function tokensOf(sample: Sample): number {
  return sequencesOf(sample).reduce((sum, { input_ids }) => sum + input_ids.length, 0);
}

/** Tokens of the longest sequence. */
export function longestOf(samples: readonly Sample[]): number {
  return samples.reduce((longest, sample) => {
    const all = sample.given ? [...sequencesOf(sample), sample.given] : sequencesOf(sample);
    return Math.max(longest, ...all.map(({ input_ids }) => input_ids.length));
  }, 0);
}
