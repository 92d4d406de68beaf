/** From the arguments of a command that trains to its job, and to what is found on the way: no weights are read. */
import type { TrainArguments } from '../config/command-line.js';
import type { TrainCommand } from '../config/commands.js';
import { pluginOptions } from '../config/plugin-options.js';
import { Tuning } from '../adapter/tuning.js';
import { resolve } from 'node:path';
import type { Job } from '../contracts/job.js';
import type { PluginOptions } from '../contracts/plugin-meta.js';
import type { Tuner } from '../contracts/tuner.js';
import { SwiftError } from '../errors.js';
import { buildJob } from '../job/build-job.js';
import type { LoadModelOptions } from '../model/load-model.js';
import { locateModel, nameOf, type LocatedModel } from '../model/locate-model.js';
import { checkReadable } from '../model/wordless.js';
import { checkCheckpointFolder } from '../train/checkpoint.js';
import { chosenRewards, type ChosenReward } from './chosen-rewards.js';
import { chosenTrainer, type ChosenTrainer } from './chosen-trainer.js';
import { findDatasets, type FoundDatasets } from './datasets.js';
import { locateReference, locateTeacher, type OtherModel } from './other-models.js';
import { checkResume } from './resume.js';
import { checkStream } from './stream-datasets.js';
import type { Services } from './services.js';
import { checkEnvironment, checkOffload, checkOutput, loadingOptions } from './train-arguments.js';

/** A job with what was found to make it. */
export interface ResolvedTraining {
  readonly job: Job;
  readonly args: TrainArguments;
  readonly services: Services;
  readonly trainer: ChosenTrainer;
  /** What its answers are worth, where it gives some. */
  readonly rewards: readonly ChosenReward[];
  readonly tuner: Tuner;
  /** What the tuner is told. */
  readonly told: PluginOptions;
  /** How the model is loaded. */
  readonly loading: LoadModelOptions;
  readonly located: LocatedModel;
  /** What the run began with: what one would load again. */
  readonly base: string;
  /** Another model that the trainer compares with. */
  readonly other?: OtherModel;
  /** Whom it learns from. */
  readonly teacher?: OtherModel;
  readonly found: FoundDatasets;
}

/** @throws SwiftError for all that can be wrong before rows are read */
export async function resolveTraining(
  command: TrainCommand,
  args: TrainArguments,
  services: Services,
): Promise<ResolvedTraining> {
  checkTraining(args, services);
  const { plugins } = services;
  const { id: trainerId, trainer } = await chosenTrainer(command, args, services);
  const rewards = await chosenRewards(args, trainer, services);
  const { id, instance: tuner, meta } = await plugins.resolve('tuner', args.sft_type);
  const { isFull } = Tuning.of(tuner);
  plugins.catalog.find('optimizer', args.optim);
  const resume = await resumeFolder(command, args, services);
  // A full checkpoint holds the weights themselves; an adapter's base stays the one given.
  const resumesFull = resume !== undefined && isFull;
  const loading = {
    ...loadingOptions(args, services),
    ...(resumesFull ? { model_id_or_path: resume } : {}),
    compute_precision: args.compute_precision,
    heads: trainer.heads,
  };
  const located = await locateModel(loading, services);
  checkReadable(located.skeleton, trainer.objective);
  const other = trainer.objective?.reference ? await locateReference(args, resumesFull, services) : undefined;
  const teacher = trainer.objective?.teacher ? await locateTeacher(args, services) : undefined;
  const told = pluginOptions(meta, args, { lora_target_modules: located.loraTargets });
  if (located.codec && isFull) throw fullOverCodes(args.sft_type, located);
  tuner.check?.(located.skeleton, told);
  const found = await findDatasets(args, services);
  const base = resumesFull ? baseOf(args, located) : located;
  const job = await buildJob(
    {
      command,
      args,
      model: located,
      base,
      isFull,
      trainerId,
      trainer,
      rewards,
      adapters: [{ name: 'default', id, options: told }],
      reference: other?.located,
      teacher: teacher?.located,
      train: found.train.map(({ described }) => described),
      validation: found.validation.map(({ described }) => described),
    },
    plugins,
  );
  return {
    job,
    args,
    services,
    trainer,
    rewards,
    tuner,
    told,
    loading,
    located,
    other,
    teacher,
    found,
    base: base.source,
  };
}

/** @throws SwiftError for arguments and an environment that no run can follow */
export function checkTraining(args: TrainArguments, { log }: Pick<Services, 'log'>): void {
  checkEnvironment(process.env, log);
  checkOffload(args);
  checkStream(args);
  checkOutput(args.output_dir);
}

/** The checkpoint to go on from, when it is one of the same run. @throws SwiftError */
export async function resumeFolder(
  command: TrainCommand,
  args: TrainArguments,
  services: Services,
): Promise<string | undefined> {
  if (args.resume_from_checkpoint === null) return undefined;
  const folder = resolve(args.resume_from_checkpoint);
  await checkCheckpointFolder(folder, '--resume_from_checkpoint');
  await checkResume(folder, command, args, services);
  return folder;
}

/** Codes cannot train. */
function fullOverCodes(tuner: string, { path, codec }: LocatedModel): SwiftError {
  return new SwiftError(
    'BAD_ARGUMENT',
    `--sft_type ${tuner}: ${path} is quantized (${codec!.id}), and codes cannot train`,
    { cure: 'Train an adapter over it (--sft_type lora), or start from the whole checkpoint.' },
  );
}

/** The model that a run of full tuning began with, when it goes on from a checkpoint. */
function baseOf(
  { model_type, model_id_or_path: path }: TrainArguments,
  located: LocatedModel,
): Pick<LocatedModel, 'source' | 'name'> {
  const source = path ?? located.source;
  return { source, name: model_type ?? nameOf(source) };
}
