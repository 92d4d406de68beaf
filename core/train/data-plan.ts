import type { Sample } from '../contracts/template.js';
import { packSamples } from '../data/packing.js';
import { longestOf } from '../data/sequences.js';
import { Sampler } from '../data/sampler.js';

export interface DataPlanOptions {
  readonly samples: readonly Sample[];
  /** Fill rows of this many tokens with several samples; a row then counts as one sample. */
  readonly packing?: number;
  readonly batchSize: number;
  readonly accumulation: number;
  readonly seed: number;
}

/** Which samples each optimizer step sees. A pure function of its options, so a step number is a data cursor. */
export class DataPlan {
  readonly stepsPerEpoch: number;
  private readonly units: readonly (readonly Sample[])[];
  private readonly sampler: Sampler;

  constructor(private readonly options: DataPlanOptions) {
    const { samples, packing, batchSize, accumulation, seed } = options;
    this.units = packing
      ? packSamples(
          samples.map(({ input_ids }) => input_ids.length),
          packing,
        ).map((row) => row.map((i) => samples[i]))
      : samples.map((sample) => [sample]);
    this.sampler = new Sampler({ size: this.units.length, batchSize, seed });
    this.stepsPerEpoch = Math.ceil(this.sampler.batchesPerEpoch / accumulation);
  }

  /** Samples of optimizer step `step`, counted from 0. The last step of an epoch may hold fewer batches. */
  samplesAt(step: number): Sample[] {
    const { batchesPerEpoch } = this.sampler;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const first = (step % this.stepsPerEpoch) * this.options.accumulation;
    const last = Math.min(batchesPerEpoch, first + this.options.accumulation);
    const found: Sample[] = [];
    for (let batch = first; batch < last; batch++) {
      for (const unit of this.sampler.batchAt(epoch * batchesPerEpoch + batch))
        found.push(...this.units[unit]);
    }
    return found;
  }

  /** Tokens of the longest sequence. */
  get longest(): number {
    return longestOf(this.options.samples);
  }

  get rows(): number {
    return this.units.length;
  }
}
