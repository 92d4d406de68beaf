/** `swift sft`, `pt` and `rlhf`: from arguments to checkpoints. */
import { counted } from '../counted.js';
import { checkRebuilt } from '../adapter/check-rebuilt.js';
import { Tuning } from '../adapter/tuning.js';
import type { TrainArguments } from '../config/command-line.js';
import type { TrainCommand } from '../config/commands.js';
import type { Job, TrainResult } from '../contracts/job.js';
import type { Scratch } from '../contracts/scratch.js';
import type { Sample } from '../contracts/template.js';
import { SeededRandom, SeenRows, type RowStream, type SampleSet } from '../data/index.js';
import { longestOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { ScratchFile } from '../io/scratch-file.js';
import { loadModel, type LoadedModel } from '../model/load-model.js';
import { initializeHeads } from '../model/task-heads.js';
import { adapterNames, type CausalLM } from '../nn/index.js';
import { fingerprintInputs } from '../train/fingerprints.js';
import type { Optimized } from '../train/optimized.js';
import type { Teaching } from '../train/teaching.js';
import { checkPictures, type ChosenReward } from './chosen-rewards.js';
import { loadDatasets, type FoundDatasets } from './datasets.js';
import { encodeRows, type EncodeContext } from './encode-rows.js';
import { trainInOwnProcess } from './own-process.js';
import { mediaFilesOf } from './media-files.js';
import { checkTokens, loadReference, openServedTeacher } from './other-models.js';
import { loadRewardModels } from './reward-models.js';
import { resolveTraining, type ResolvedTraining } from './resolve-training.js';
import { restore } from './resume.js';
import { openStream } from './stream-datasets.js';
import { trainInFolder, type TrainHooks } from './train-in-folder.js';
import type { Services } from './services.js';
import type { TunedModel } from './tunable-model.js';

/** Trains as the arguments say. What can be wrong with them is found before weights are read or fetched. */
export async function train(
  command: TrainCommand,
  args: TrainArguments,
  services: Services,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  return runResolved(await resolveTraining(command, args, services), hooks);
}

/** Has a job carried out by its engine. */
export async function runResolved(resolved: ResolvedTraining, hooks: TrainHooks): Promise<TrainResult> {
  const { job, services } = resolved;
  const { instance: engine } = await services.plugins.resolve('engine', job.engine.id);
  engine.check?.(job, job.engine.options);
  return engine.run(job, job.engine.options, {
    log: services.log,
    signal: hooks.signal,
    here: () => trainHere(resolved, hooks),
    inOwnProcess: () => trainInOwnProcess(job, services.log, hooks),
  });
}

/** Carries a job out by this runtime, in this process. */
export async function trainHere(resolved: ResolvedTraining, hooks: TrainHooks): Promise<TrainResult> {
  const { offload_weights, offload_activations, output_dir } = resolved.args;
  const scratch = offload_weights || offload_activations ? await ScratchFile.open(output_dir) : undefined;
  try {
    return await loadAndTrain(scratch, resolved, hooks);
  } finally {
    await scratch?.close();
  }
}

async function loadAndTrain(
  scratch: Scratch | undefined,
  resolved: ResolvedTraining,
  hooks: TrainHooks,
): Promise<TrainResult> {
  const { job, services, trainer, rewards, tuner, told, located, other, found } = resolved;
  const { teacher: taughtBy } = resolved;
  // What is answered keeps the row that rewards look at.
  const { rollouts, questions = false } = trainer.objective ?? {};
  const args = rollouts
    ? { ...resolved.args, questions: true, columns: true }
    : { ...resolved.args, questions };
  await services.backend();
  const tuning = Tuning.of(tuner);
  const { template, tokenizer } = located;
  const files = mediaFilesOf({ ...located, model: located.skeleton }, args.max_pixels);
  const images = files && new SeenRows(files);
  const context = { template, tokenizer, ...trainer, seen: images, services };
  const { data, validation, seen } = await trainingData(args, found, context, services);
  if ('samples' in data) checkLongSamples(seen, located.skeleton, services);
  else checkLongest(args.max_length, located.skeleton, services);
  checkPictures(seen, trainer);
  if (other) checkTokens('ref', other, seen, tokenizer);
  if (taughtBy) checkTokens('teacher', taughtBy, seen, tokenizer);

  const servedTeacher = await openServedTeacher(args, trainer, located.skeleton);

  const loading = { ...resolved.loading, scratch: job.offload_weights ? scratch : undefined };
  const loaded = await loadModel(loading, services, located);
  initializeHeads(loaded.model, loaded.config, SeededRandom.stream(job.schedule.seed, 'initialization', 1));
  await tuner.apply(loaded.model, told, SeededRandom.stream(job.schedule.seed, 'initialization'));
  checkRebuilt(loaded, tuning);
  if (located.skeleton.tied.length > loaded.model.tied.length)
    services.log.info(
      'model: head and embedding, one tensor in its files, train apart and are written apart',
    );
  const reference = job.objective.reference
    ? await loadReference(other, { loaded, tuning }, services)
    : undefined;
  const teacher = taughtBy && (await loadModel(taughtBy.options, services, taughtBy.located));
  const weights = (args.reward_weights ?? []).slice(rewards.length);
  const rewardModels = await loadRewardModels(args, weights, services);
  const model = { loaded, services, tuning };
  const parts = { job, args, trainer, reference, teacher, servedTeacher, model, data, validation, scratch };
  try {
    return await trainPrepared({ ...parts, rewards: [...rewards, ...rewardModels] }, hooks);
  } finally {
    for (const { instance } of rewardModels) await instance.release();
  }
}

/** What is trained and evaluated on; and, to be checked before weights are read, all samples, or a stream's first ones. */
async function trainingData(
  args: TrainArguments,
  found: FoundDatasets,
  context: EncodeContext,
  services: Services,
): Promise<Pick<PreparedRun, 'data' | 'validation'> & { readonly seen: readonly Sample[] }> {
  if (args.streaming) return openStream(args, context, found, services);
  const rows = await loadDatasets(args, services, found);
  const data = await encodeRows('training', rows.train, args, context);
  const drawn = args.val_dataset.length === 0;
  const { samples: validation } = await encodeRows('validation', rows.validation, args, context, { drawn });
  return { data, validation, seen: [...data.samples, ...validation] };
}

export interface PreparedRun {
  readonly job: Job;
  readonly args: TrainArguments;
  readonly trainer: Optimized;
  /** What its answers are worth, where it gives some. */
  readonly rewards?: readonly ChosenReward[];
  /** Another model that the trainer compares with, and where it was loaded from. */
  readonly reference?: { readonly model?: CausalLM; readonly path?: string };
  /** Whom it learns from. */
  readonly teacher?: Pick<LoadedModel, 'model' | 'path'>;
  /** The same, where it is not loaded here. */
  readonly servedTeacher?: Teaching;
  /** Loaded, with its tuner applied. */
  readonly model: TunedModel;
  readonly data: SampleSet | RowStream;
  readonly validation: readonly Sample[];
  readonly scratch?: Scratch;
}

/**
 * Adapters train at full weight, and those that take no part are no part of the run. Offloaded ones come back to memory.
 * @throws SwiftError BAD_ARGUMENT for an adapter that counts other than once
 */
async function checkAdapters({ loaded: { model }, offloaded, services }: TunedModel): Promise<void> {
  const weighted = [...model.active_adapters].find(([, weight]) => weight !== 1);
  if (weighted) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `adapter '${weighted[0]}' counts ${weighted[1]}, and trains at 1 alone`,
      {
        cure: `Set it before training, Swift.setAdapters(model, ['${weighted[0]}']), and weigh it in answers: no file keeps a factor.`,
      },
    );
  }
  const idle = adapterNames(model).filter((name) => !model.active_adapters.has(name));
  for (const name of idle) await offloaded?.bringBack(model, name);
  if (idle.length > 0)
    services.log.warn(
      `adapters that take no part are not trained, and not in the checkpoints: ${idle.join(', ')}`,
    );
}

/** Trains a loaded and tuned model on encoded samples, into a run folder. */
export async function trainPrepared(run: PreparedRun, hooks: TrainHooks): Promise<TrainResult> {
  const { job, args, trainer, reference, model } = run;
  const { loaded, services, tuning } = model;
  const { instance: optimizer } = await services.plugins.resolve('optimizer', job.optimizer.id);
  await checkAdapters(model);
  const inputs = await fingerprintInputs(run.data, {
    base: tuning.isFull ? undefined : loaded.path,
    reference: reference?.path ?? run.teacher?.path,
  });
  const { resume } = job;
  const state = resume && (await restore(resume.checkpoint, { model, optimizer, args, inputs }));
  return trainInFolder(
    {
      job,
      model,
      trainer,
      rewards: run.rewards,
      teacher: run.teacher?.model ?? run.servedTeacher,
      optimizer,
      inputs,
      reference: { model: reference?.model, precompute: job.objective.reference?.precompute },
      data: run.data,
      validation: run.validation,
      resume: state,
      scratch: run.scratch,
    },
    hooks,
  );
}

/** @throws SwiftError BAD_ARGUMENT where samples of a stream may be longer than a model has positions */
function checkLongest(max_length: number, { shape, mostPositions }: CausalLM, { log }: Services): void {
  const positions = shape.max_position_embeddings;
  if (max_length <= positions) return;
  const fault = `--max_length ${max_length}: this model has ${positions} positions`;
  const cure = `--max_length ${positions} drops longer samples`;
  if (positions >= mostPositions) throw new SwiftError('BAD_ARGUMENT', fault, { cure: `${cure}.` });
  log.warn(`${fault}, and a longer sample may come; ${cure}`);
}

/**
 * A model has not learned positions beyond those its config names; training there rarely is what was meant.
 * @throws SwiftError BAD_ARGUMENT where it has no such positions at all
 */
export function checkLongSamples(
  samples: readonly Sample[],
  { shape, mostPositions }: CausalLM,
  { log }: Services,
): void {
  const positions = shape.max_position_embeddings;
  const count = samples.filter((sample) => longestOf([sample]) > positions).length;
  if (count === 0) return;
  const many = counted(count, 'sample is', 'samples are');
  const cure = `--max_length ${positions} drops them`;
  if (positions >= mostPositions) {
    const fault = `${many} longer than the ${positions} positions this model has`;
    throw new SwiftError('BAD_ARGUMENT', fault, { cure: `${cure}.` });
  }
  log.warn(`${many} longer than the ${positions} positions of this model; ${cure}`);
}
