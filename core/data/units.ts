/** Samples as they are trained on together: packed rows, or each by itself. */
import type { Sample } from '../contracts/template.js';
import { packSamples } from './packing.js';

export type Unit = readonly Sample[];

/** Rows of `packing` tokens filled with samples, or each sample by itself. */
export function unitsOf(samples: readonly Sample[], packing: number | undefined): Unit[] {
  if (!packing) return samples.map((sample) => [sample]);
  const lengths = samples.map(({ input_ids }) => input_ids.length);
  return packSamples(lengths, packing).map((row) => row.map((i) => samples[i]));
}
