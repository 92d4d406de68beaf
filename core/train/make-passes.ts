import type { TrainEngineOptions } from '../runtime/train-engine.js';
import { TrainEngine } from '../runtime/train-engine.js';
import { CrossEntropy } from './cross-entropy.js';
import type { LoopJob } from './loop.js';
import type { MicroBatchOptions } from '../data/micro-batches.js';
import { ObjectivePasses } from './objective-passes.js';
import type { Passes } from './passes.js';
import { otherModel, precomputed, withoutAdapters } from './reference.js';

export interface MadePasses {
  readonly passes: Passes;
  release(): Promise<void>;
}

/** How a job's trainer makes losses of samples. What a reference says of all samples is asked here, where it is wanted once. */
export async function makePasses(
  job: LoopJob,
  engine: TrainEngine,
  layout: MicroBatchOptions,
  engineOptions: TrainEngineOptions,
): Promise<MadePasses> {
  const { trainer, data, validation, reference = {}, observers } = job;
  const nothing = async (): Promise<void> => {};
  const { objective, tokenWeights } = trainer;
  if (!objective) return { passes: new CrossEntropy(engine, layout, tokenWeights), release: nothing };
  if (!objective.reference)
    return { passes: new ObjectivePasses(engine, layout, objective), release: nothing };
  const { model } = reference;
  const other = model && new TrainEngine(job.backend, model, { ...engineOptions, gradients: undefined });
  const release = async (): Promise<void> => other?.release();
  const asked = other ? otherModel(other) : withoutAdapters(engine);
  if (!reference.precompute)
    return { passes: new ObjectivePasses(engine, layout, objective, asked), release };
  try {
    // What is asked of all before training is refused for a stream.
    const all = [...('samples' in data ? data.samples : []), ...validation];
    const known = await precomputed(asked, all, layout, (done) => {
      for (const observer of observers) observer.onReference?.({ done, samples: all.length });
    });
    const passes = new ObjectivePasses(engine, layout, objective, known);
    // What mismatched sequences are is only known when their step comes.
    if (objective.survey?.of === 'mismatched') return { passes, release };
    await release();
    return { passes, release: nothing };
  } catch (error) {
    await release();
    throw error;
  }
}
