import type { TrainEngineOptions } from '../runtime/train-engine.js';
import { TrainEngine } from '../runtime/train-engine.js';
import { CrossEntropy } from './cross-entropy.js';
import type { LoopJob } from './loop.js';
import type { MicroBatchOptions } from '../data/micro-batches.js';
import { ObjectivePasses } from './objective-passes.js';
import type { Passes } from './passes.js';
import { SeededRandom } from '../data/random.js';
import type { Rollouts } from '../contracts/rollouts.js';
import type { Objective } from '../contracts/trainer.js';
import { RolloutPasses, type RolloutParts } from './rollout-passes.js';
import { ofLikeliest, type Teaching } from './teaching.js';
import { otherModel, precomputed, withoutAdapters, type Reference } from './reference.js';

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
  const { objective, tokenWeights } = trainer;
  if (!objective)
    return { passes: new CrossEntropy(engine, layout, tokenWeights), release: () => Promise.resolve() };
  const teacher = teaching(job, objective, engineOptions);
  const nothing = async (): Promise<void> => teacher?.release();
  const passesWith = (asked?: Reference): Passes => {
    const { rollouts, readings = [] } = objective;
    // Where tokens are judged as answers come, the reference has said what it has to say.
    const later = rollouts?.ofTokens ? undefined : asked;
    const passes = new ObjectivePasses(engine, layout, objective, later, teacher);
    if (!rollouts) return passes;
    const reference = rollouts.ofTokens && asked;
    const readsValues = readings.includes('value');
    return rollingOut(job, passes, rollouts, { engine, layout, reference, readsValues });
  };
  if (!objective.reference) return { passes: passesWith(), release: nothing };
  const { model } = reference;
  const other = model && new TrainEngine(job.backend, model, { ...engineOptions, gradients: undefined });
  const release = async (): Promise<void> => {
    await nothing();
    await other?.release();
  };
  const asked = other ? otherModel(other) : withoutAdapters(engine);
  if (!reference.precompute) return { passes: passesWith(asked), release };
  try {
    // What is asked of all before training is refused for a stream.
    const all = [...('samples' in data ? data.samples : []), ...validation];
    const known = await precomputed(asked, all, layout, (done) => {
      for (const observer of observers) observer.onReference?.({ done, samples: all.length });
    });
    const passes = passesWith(known);
    // What mismatched sequences are is only known when their step comes.
    if (objective.survey?.of === 'mismatched') return { passes, release };
    await release();
    return { passes, release: nothing };
  } catch (error) {
    await release();
    throw error;
  }
}

function teaching(
  { teacher, backend }: LoopJob,
  { teacher: wanted }: Pick<Objective, 'teacher'>,
  engineOptions: TrainEngineOptions,
): Teaching | undefined {
  if (!teacher || 'teach' in teacher) return teacher;
  const engine = new TrainEngine(backend, teacher, {
    ...engineOptions,
    gradients: undefined,
    temperature: wanted?.temperature,
  });
  return wanted?.most === undefined ? engine : ofLikeliest(engine, wanted.most);
}

function rollingOut(
  { answering, data, options, resume, observers }: LoopJob,
  inner: ObjectivePasses,
  rollouts: Rollouts,
  measuring: Pick<RolloutParts, 'engine' | 'layout' | 'reference' | 'readsValues'>,
): RolloutPasses {
  const { seed } = options;
  const known = 'samples' in data ? data.samples : undefined;
  return new RolloutPasses(inner, {
    rollouts,
    answering: answering!,
    ...measuring,
    seed,
    otherPrompts:
      known &&
      ((step, round, count) => {
        const random = SeededRandom.stream(seed, 'otherPrompts', step, round);
        return Array.from({ length: count }, () => known[random.below(known.length)]);
      }),
    held: resume?.rollout,
    onAnswers: (step, answers) => {
      for (const observer of observers) observer.onAnswers?.({ step: step + 1, answers });
    },
  });
}
