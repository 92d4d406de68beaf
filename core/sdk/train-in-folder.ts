/** Training of a model that is loaded and tuned, into a run folder of its own: lock, logs, checkpoints. */
import { counted } from '../counted.js';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Job, TrainResult } from '../contracts/job.js';
import type { Log } from '../contracts/log.js';
import type { Scratch } from '../contracts/scratch.js';
import type { Optimizer } from '../contracts/optimizer.js';
import type { Sample } from '../contracts/template.js';
import type { SampleSet, SampleStream } from '../data/index.js';
import { SwiftError } from '../errors.js';
import type { Backend } from '../contracts/backend.js';
import { removeLeftovers, writeFileAtomic } from '../io/atomic-write.js';
import { lockFolder } from '../io/file-lock.js';
import { SparseMoe, type CausalLM } from '../nn/index.js';
import { samplingOptions } from '../infer/sampling.js';
import { Predictions } from '../train/predictions.js';
import { LiveAnswers } from '../infer/live-answers.js';
import { checkInt8Weights } from '../model/check-int8-weights.js';
import type { LoadedModel } from '../model/load-model.js';
import { widenTrained } from '../model/widen-trained.js';
import { hasVectorLoops } from '../kernels/index.js';
import { checkpointSteps, pruneCheckpoints, writeCheckpointFolder } from '../train/checkpoint.js';
import type { RunInputs } from '../train/fingerprints.js';
import { runLoop, type LoopJob } from '../train/loop.js';
import type { RunObserver } from '../train/observer.js';
import type { Optimized } from '../train/optimized.js';
import { trainedOf } from '../train/trained-parameters.js';
import { CompletionTable } from '../train/completion-table.js';
import type { Answering } from '../train/rollout-passes.js';
import type { Teaching } from '../train/teaching.js';
import { RunLog } from '../train/run-log.js';
import type { LogEntry, TrainerState } from '../train/state.js';
import type { RemoteAnswers } from '../rollout/remote-answers.js';
import { scoresOf, type ChosenReward } from './chosen-rewards.js';
import { openRollouts } from './open-rollouts.js';
import { makeRunFolder } from './run-folder.js';
import type { TunedModel } from './tunable-model.js';
import { JOB_FILE, writeJob } from '../job/job-file.js';

export interface TrainerParts {
  readonly job: Job;
  /** Loaded, with its tuner applied. */
  readonly model: TunedModel;
  readonly trainer: Optimized;
  /** What its answers are worth, where it gives some. */
  readonly rewards?: readonly ChosenReward[];
  /** What an objective compares the model with: another model, or, absent, itself before training. */
  readonly reference?: LoopJob['reference'];
  /** Whom it learns from. */
  readonly teacher?: CausalLM | Teaching;
  readonly optimizer: Optimizer;
  readonly data: SampleSet | SampleStream;
  readonly validation: readonly Sample[];
  /** What the run is given, for its checkpoints to tell it by. */
  readonly inputs: RunInputs;
  /** Where offloaded weights and activations lie. */
  readonly scratch?: Scratch;
  /** Where an interrupted run stood. */
  readonly resume?: TrainerState;
}

export interface TrainHooks {
  /** Follow the run besides its files, e.g. a progress bar. */
  readonly observers?: readonly RunObserver[];
  readonly onLog?: (entry: LogEntry) => void;
  /** Told the run folder before training begins. */
  readonly onFolder?: (folder: string) => void;
  /** Ends the run after the current step, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/** Models that train just now. */
const training = new WeakSet<CausalLM>();

export const isTraining = (model: CausalLM): boolean => training.has(model);

/**
 * Trains a prepared model on encoded samples, into a run folder that no other run writes to meanwhile.
 *
 * @throws SwiftError, BAD_ARGUMENT for a model that trains already
 */
export async function trainInFolder(parts: TrainerParts, hooks: TrainHooks = {}): Promise<TrainResult> {
  const { model } = parts.model.loaded;
  if (training.has(model)) {
    throw new SwiftError('BAD_ARGUMENT', 'this model is being trained already', {
      cure: 'Wait until its training has ended, or load it a second time.',
    });
  }
  training.add(model);
  try {
    const backend = await prepare(parts);
    const remote = await openRollouts(parts);
    const { folder: runs, name } = parts.job.outputs;
    const folder = name === undefined ? runs : makeRunFolder(runs, name);
    const lock = lockFolder(folder);
    try {
      return await runIn(folder, backend, { ...parts, remote }, hooks);
    } finally {
      lock.release();
    }
  } finally {
    training.delete(model);
  }
}

/** What can stand in the way of training is found before the run has a folder. */
async function prepare({ model, job: { schedule, ...job }, data }: TrainerParts): Promise<Backend> {
  const { loaded, services } = model;
  if ('samples' in data && data.samples.length === 0) {
    throw new SwiftError('EMPTY_DATASET', 'there are no samples to train on', {
      cure: 'Give at least one row with an answer.',
    });
  }
  checkTrains(loaded);
  for (const [, parameter] of loaded.model.parameters()) parameter.tuned = parameter.trainable;
  widenTrained(loaded.model, services.log);
  if (schedule.compute_precision === 'int8') checkInt8Weights(loaded.model);
  const backend = await services.backend();
  const arithmetic =
    schedule.compute_precision === 'int8' ? 'int8 in the linear layers, else float32' : 'float32';
  services.log.info(`backend: ${await backend.describe()}, ${cpus().length} cores, ${arithmetic}`);
  if (!hasVectorLoops()) {
    services.log.warn(
      'no WebAssembly SIMD here: the optimizer runs in plain JavaScript, slower, same result',
    );
  }
  checkPacking(loaded, job.data.packing);
  checkRouters(loaded, schedule.router_aux_loss_coef);
  checkNoise(loaded, schedule.neftune_noise_alpha);
  return backend;
}

interface RunParts extends TrainerParts {
  /** What writes its answers, where that is a server. */
  readonly remote?: RemoteAnswers;
}

async function runIn(
  folder: string,
  backend: Backend,
  parts: RunParts,
  hooks: TrainHooks,
): Promise<TrainResult> {
  const { job, model, optimizer } = parts;
  const { loaded, services, tuning } = model;
  const { schedule, arguments: args } = job;
  await removeLeftovers(folder);
  await checkNoLaterCheckpoints(folder, parts.resume?.global_step ?? 0);
  await writeFileAtomic(join(folder, 'args.json'), `${JSON.stringify(args, null, 2)}\n`);
  await writeJob(join(folder, JOB_FILE), job);
  services.log.info(`run: ${folder}`);
  hooks.onFolder?.(folder);
  const logOptions = { folder, loggingSteps: schedule.logging_steps, tensorBoard: job.outputs.tensorboard };
  const runLog = await RunLog.open(logOptions, (entry) => hooks.onLog?.(entry));
  const state = await runLoop({
    model: loaded.model,
    backend,
    trainer: parts.trainer,
    reference: parts.reference,
    teacher: parts.teacher,
    answering: answeringOf(parts, backend),
    predictions: predictionsOf(folder, parts, backend),
    beforeStep: tuning.followsSteps ? (at) => tuning.beforeStep(loaded.model, at) : undefined,
    optimizer,
    options: { ...schedule, optimizer_options: job.optimizer.options },
    data: parts.data,
    validation: parts.validation,
    packing: job.data.packing,
    padTokenId: paddingId(loaded),
    resume: parts.resume,
    scratch: parts.scratch,
    observers: [runLog, engineLog(services.log), ...tableOf(folder, parts), ...(hooks.observers ?? [])],
    signal: hooks.signal,
    save: async (now) => {
      await writeCheckpointFolder(join(folder, `checkpoint-${now.global_step}`), {
        model: loaded.model,
        tuning,
        tokenizer: loaded.tokenizer,
        config: loaded.config,
        origin: loaded.origin,
        baseModel: loaded.source,
        args,
        training: schedule.save_only_model ? undefined : { optimizer, state: now, inputs: parts.inputs },
      });
      if (schedule.save_total_limit !== undefined) {
        await pruneCheckpoints(folder, schedule.save_total_limit, now.best_step);
      }
    },
  });
  return summarize(folder, state, schedule.metric_for_best_model);
}

function tableOf(folder: string, { trainer, rewards = [] }: TrainerParts): readonly RunObserver[] {
  if (!trainer.objective?.rollouts?.log_completions) return [];
  const ids = rewards.map(({ id }) => id);
  return [new CompletionTable(folder, ids)];
}

/** How a trainer's prompts are answered by the model as it stands; none where it wants no answers. */
function answeringOf(
  { trainer, rewards = [], teacher, scratch, remote, model: { loaded } }: RunParts,
  backend: Backend,
): Answering | undefined {
  const rollouts = trainer.objective?.rollouts;
  if (!rollouts) return undefined;
  const student = remote ?? new LiveAnswers(loaded, backend, rollouts, { scratch });
  const taught =
    teacher && !('teach' in teacher)
      ? new LiveAnswers({ ...loaded, model: teacher }, backend, rollouts)
      : undefined;
  return {
    rewards,
    answer: (draws, by) => (by === 'teacher' ? taught! : student).answer(draws),
    score: (answers) => scoresOf(answers, rewards),
    release: async () => {
      await student.release();
      await taught?.release();
    },
  };
}

/** What answers the rows of evaluations; none where the trainer wants no answers, or there are no rows. */
function predictionsOf(
  folder: string,
  { trainer, validation, scratch, model: { loaded } }: TrainerParts,
  backend: Backend,
): Predictions | undefined {
  const { predicts } = trainer;
  if (!predicts || validation.length === 0) return undefined;
  const sampling = samplingOptions({ temperature: 0 });
  const { max_new_tokens: max_completion_length } = predicts;
  const wanted = { sampling, max_completion_length, stop_words: [] };
  const live = new LiveAnswers(loaded, backend, wanted, { scratch });
  return new Predictions({
    ...predicts,
    tokenizer: loaded.tokenizer,
    answer: (draws) => live.answer(draws),
    release: () => live.release(),
    folder,
  });
}

/** Padding is masked, so any row of the embedding serves; some tokenizers' own padding token has none. */
function paddingId({ tokenizer, model }: LoadedModel): number {
  const ids = [tokenizer.pad_token_id, tokenizer.eos_token_id];
  return ids.find((id) => id !== undefined && id < model.shape.vocab_size) ?? 0;
}

/** What the engine has to say beside its steps. */
function engineLog(log: Log): RunObserver {
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  let said = -1;
  return {
    onReference({ done, samples }) {
      // Twenty lines, however many samples there are.
      const twentieth = Math.floor((20 * done) / samples);
      if (twentieth === said) return;
      said = twentieth;
      log.info(`reference model: ${done} of ${counted(samples, 'sample')}`);
    },
    onMemory(entries) {
      const resident = process.memoryUsage.rss();
      const inMemory = entries.filter(({ what }) => !what.includes('on disk'));
      const rest = resident - inMemory.reduce((sum, { bytes }) => sum + bytes, 0);
      for (const { what, bytes } of entries) log.info(`memory: ${gib(bytes)}  ${what}`);
      log.info(`memory: ${gib(rest)}  everything else: kernels' working memory, Node, code`);
      log.info(
        `memory: ${gib(resident)}  resident now, ${gib(process.resourceUsage().maxRSS * 1024)} at most`,
      );
    },
    onCalibrate({ loss: { fp32, int8 }, gradientCosine }) {
      const change = (100 * (int8 - fp32)) / fp32;
      const sign = change < 0 ? '' : '+';
      log.info(
        `int8 compute on the first micro-batch: loss ${int8.toFixed(4)}, in fp32 ${fp32.toFixed(4)} (${sign}${change.toFixed(2)}%), gradient cosine ${gradientCosine.toFixed(4)}`,
      );
    },
  };
}

/** Checkpoints of another run would be taken for this one's, and this one's pruned before them. */
async function checkNoLaterCheckpoints(folder: string, step: number): Promise<void> {
  const later = (await checkpointSteps(folder)).filter((saved) => saved > step);
  if (later.length === 0) return;
  throw new SwiftError('BAD_ARGUMENT', `${folder} holds checkpoint-${later[0]} of an earlier run`, {
    cure: [
      `Go on from it: --resume_from_checkpoint ${join(folder, `checkpoint-${later.at(-1)}`)}.`,
      'Or choose another --output_dir, or remove that folder.',
    ],
  });
}

async function summarize(folder: string, state: TrainerState, metric: string): Promise<TrainResult> {
  const steps = await checkpointSteps(folder);
  const path = (step: number | undefined): string | undefined =>
    step !== undefined && steps.includes(step) ? join(folder, `checkpoint-${step}`) : undefined;
  return {
    folder,
    last_model_checkpoint: path(steps.at(-1)),
    best_model_checkpoint: path(state.best_step),
    best_metric: state.best_metric,
    metric_for_best_model: metric,
    state,
  };
}

/** @throws SwiftError BAD_ARGUMENT when the tuner leaves everything frozen */
function checkTrains({ model }: LoadedModel): void {
  if (trainedOf(model).some(([, { size }]) => size > 0)) return;
  throw new SwiftError('BAD_ARGUMENT', 'the tuner trains 0 values: every parameter is frozen', {
    cure: 'Freeze less, or name what trains: --additional_trainable_parameters, --target_modules.',
  });
}

/** @throws SwiftError BAD_ARGUMENT when samples would share rows in a model that sees across them */
function checkPacking({ model, modelType }: LoadedModel, packing: number | undefined): void {
  if (packing === undefined || model.packs) return;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `--packing true: in one row, ${modelType} would see from one sample into the next`,
    { cure: 'Leave it out: each sample gets a row of its own.' },
  );
}

/** @throws SwiftError BAD_ARGUMENT when experts are to be balanced in a model that has none */
function checkRouters({ model, modelType }: LoadedModel, coefficient: number): void {
  if (coefficient === 0 || [...model.namedModules()].some(([, module]) => module instanceof SparseMoe))
    return;
  throw new SwiftError('BAD_ARGUMENT', `--router_aux_loss_coef ${coefficient}: ${modelType} has no experts`, {
    cure: 'Leave it out.',
  });
}

/** @throws SwiftError BAD_ARGUMENT where noise would fall on pictures too */
function checkNoise({ model, modelType }: LoadedModel, alpha: number): void {
  if (alpha === 0 || !model.tower) return;
  throw new SwiftError(
    'BAD_ARGUMENT',
    `--neftune_noise_alpha ${alpha}: ${modelType} puts features of pictures among its embeddings, and noise is of words`,
    { cure: 'Leave it out.' },
  );
}
