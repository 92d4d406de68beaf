/** Which samples each optimizer step sees. */
import type { Sample } from '../contracts/template.js';
import type { SampleSet } from './encode-dataset.js';
import { rowOrder } from './order.js';
import { longestOf } from './sequences.js';
import { StreamPlan, type SampleStream, type StreamCursor } from './stream-plan.js';
import { unitsOf, type Unit } from './units.js';

export interface DataStep {
  readonly samples: readonly Sample[];
  /** Passes over the data that are done after it, fractional. */
  readonly epoch: number;
  /** Whether it is the last of a pass. */
  readonly endsEpoch: boolean;
  /** Where a stream stands after it: all that going on needs. */
  readonly cursor?: StreamCursor;
}

/** A pure function of its options and, for a stream, the cursor it begins at. */
export interface DataPlan {
  /** Undefined before a stream has been read to its end once. */
  readonly stepsPerEpoch?: number;
  /** Samples or packed rows of a pass; undefined for a stream. */
  readonly rows?: number;
  /** Tokens of the longest sequence that may come. */
  readonly longest: number;
  /** What optimizer step `step`, counted from 0, sees. A stream is asked for the last step again, or for the next one. */
  at(step: number): DataStep | Promise<DataStep>;
}

export interface PlanOptions {
  /** Fill rows of this many tokens with several samples; a row then counts as one sample. */
  readonly packing?: number;
  /** Samples (or packed rows) of an optimizer step; the last one of a pass may hold fewer. */
  readonly samplesPerStep: number;
  readonly seed: number;
}

/** @param cursor where a stream is gone on from; samples in memory need none */
export function planOf(
  data: SampleSet | SampleStream,
  options: PlanOptions,
  cursor?: StreamCursor,
): DataPlan {
  return 'samples' in data ? new MemoryPlan(data, options) : new StreamPlan(data, options, cursor);
}

/** Each step so many times in a row. */
export function repeated(plan: DataPlan, times: number): DataPlan {
  if (times === 1) return plan;
  return {
    get stepsPerEpoch() {
      return plan.stepsPerEpoch === undefined ? undefined : plan.stepsPerEpoch * times;
    },
    rows: plan.rows,
    longest: plan.longest,
    at: async (step) => {
      const said = await plan.at(Math.floor(step / times));
      const left = times - 1 - (step % times);
      const { stepsPerEpoch } = plan;
      const epoch = stepsPerEpoch === undefined ? said.epoch : said.epoch - left / (stepsPerEpoch * times);
      return { ...said, epoch, endsEpoch: said.endsEpoch && left === 0 };
    },
  };
}

/** Over samples in memory: a step number is a data cursor. */
export class MemoryPlan implements DataPlan {
  readonly stepsPerEpoch: number;
  readonly longest: number;
  private readonly units: readonly Unit[];
  private epoch = -1;
  private order: readonly number[] = [];

  constructor(
    private readonly set: SampleSet,
    private readonly options: PlanOptions,
  ) {
    this.units = unitsOf(set.samples, options.packing);
    this.longest = longestOf(set.samples);
    this.stepsPerEpoch = Math.ceil(this.units.length / options.samplesPerStep);
  }

  get rows(): number {
    return this.units.length;
  }

  at(step: number): DataStep {
    const { samplesPerStep } = this.options;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    const first = (step % this.stepsPerEpoch) * samplesPerStep;
    const units = this.orderOf(epoch).slice(first, first + samplesPerStep);
    const done = step + 1;
    return {
      samples: units.flatMap((unit) => this.units[unit]),
      epoch: done / this.stepsPerEpoch,
      endsEpoch: done % this.stepsPerEpoch === 0,
    };
  }

  private orderOf(epoch: number): readonly number[] {
    if (epoch !== this.epoch) this.order = this.makeOrder(epoch);
    this.epoch = epoch;
    return this.order;
  }

  /** An order of rows, from which those that gave no sample fall out; of packed rows, which are all whole. */
  private makeOrder(epoch: number): readonly number[] {
    const { packing, seed } = this.options;
    const { places, rows } = this.set;
    if (packing || places === undefined || rows === undefined) return [...rowOrder(this.rows, seed, epoch)];
    const samples = new Map(places.map((place, i) => [place, i]));
    return [...rowOrder(rows, seed, epoch)].flatMap((place) => samples.get(place) ?? []);
  }
}
