import type { Sample } from '../contracts/template.js';
import { sequencesOf } from '../data/sequences.js';
import { Parameter } from '../nn/index.js';
import type { TrainEngine } from '../runtime/train-engine.js';
import { BEFORE_TUNING } from '../runtime/version.js';
import { microBatches, type MicroBatch, type MicroBatchOptions } from '../data/micro-batches.js';
import { tokenSpans } from './token-spans.js';

/** The model that a trained one is held against. */
export interface Reference {
  /** The log-probability of each supervised token, in nats. */
  logp(batch: MicroBatch): Promise<Float32Array>;
}

/** Keeps the values of parameters that will train in place, so that a pass without adapters has them. */
export function keepBefore(parameters: Iterable<Parameter>): void {
  for (const parameter of parameters) {
    const before = new Parameter(parameter.shape);
    before.hold(parameter.weight);
    parameter.before = before;
  }
}

/** The model itself, as it was before its adapters. @param engine of the model that trains */
export function withoutAdapters(engine: TrainEngine): Reference {
  return { logp: async (batch) => (await engine.tokenValues(batch, ['logp'], BEFORE_TUNING)).logp };
}

/** Another model. @param engine its engine */
export function otherModel(engine: TrainEngine): Reference {
  return { logp: async (batch) => (await engine.tokenValues(batch, ['logp'])).logp };
}

/** Samples that are laid out together: batches, and so the last bits, are the same in a run that goes on. */
const AT_ONCE = 64;

/** A reference asked once, before training, of all samples, four bytes a supervised token; of others it is asked then. */
export async function precomputed(
  reference: Reference,
  samples: readonly Sample[],
  layout: MicroBatchOptions,
  onProgress: (done: number) => void,
): Promise<Reference> {
  const known = new Map<Sample, Float32Array>();
  for (let start = 0; start < samples.length; start += AT_ONCE) {
    onProgress(start);
    for (const batch of microBatches(samples.slice(start, start + AT_ONCE), layout)) {
      const logp = await reference.logp(batch);
      const spans = tokenSpans(batch);
      batch.of.flatMap(sequencesOf).forEach((sequence, i) => known.set(sequence, logp.slice(...spans[i])));
    }
  }
  onProgress(samples.length);
  return {
    logp: async (batch) => {
      const parts = batch.of.flatMap(sequencesOf).flatMap((sequence) => known.get(sequence) ?? []);
      if (parts.length < batch.samples.length) return reference.logp(batch);
      const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    },
  };
}
