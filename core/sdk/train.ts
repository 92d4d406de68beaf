/** `swift sft`, `pt` and `rlhf`: from arguments to checkpoints. */
import { counted } from '../counted.js';
import type { TrainCommand } from '../config/commands.js';
import { resolve } from 'node:path';
import { pluginOptions } from '../config/plugin-options.js';
import type { Scratch } from '../contracts/scratch.js';
import type { Sample } from '../contracts/template.js';
import { SeededRandom } from '../data/index.js';
import { longestOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { ScratchFile } from '../io/scratch-file.js';
import { loadModel } from '../model/load-model.js';
import { locateModel, nameOf } from '../model/locate-model.js';
import type { CausalLM } from '../nn/index.js';
import { checkCheckpointFolder } from '../train/checkpoint.js';
import { fingerprintInputs } from '../train/fingerprints.js';
import type { Optimized } from '../train/optimized.js';
import { withAbsolutePaths } from './absolute-paths.js';
import { chosenTrainer } from './chosen-trainer.js';
import { encodeRows, loadDatasets } from './datasets.js';
import { picturesOf } from './pictures.js';
import { checkReference, loadReference, locateReference } from './reference-model.js';
import { checkResume, restore } from './resume.js';
import { makeRunFolder } from './run-folder.js';
import { runTrainer, type TrainHooks, type TrainResult } from './run-trainer.js';
import type { Services } from './services.js';
import {
  checkEnvironment,
  checkOffload,
  checkOutput,
  given,
  trainOptions,
  type TrainArguments,
} from './train-arguments.js';
import type { TunedModel } from './tunable-model.js';

/** Trains as the arguments say. What can be wrong with them is found before weights are read or fetched. */
export async function train(
  command: TrainCommand,
  args: TrainArguments,
  services: Services,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  checkTraining(args, services);
  const offloads = args.offload_weights || args.offload_activations;
  const scratch = offloads ? await ScratchFile.open(args.output_dir) : undefined;
  try {
    return await trainOver(scratch, command, args, services, hooks);
  } finally {
    await scratch?.close();
  }
}

/** @throws SwiftError for arguments and an environment that no run can follow */
export function checkTraining(args: TrainArguments, { log }: Services): void {
  checkEnvironment(process.env, log);
  checkOffload(args);
  checkOutput(args.output_dir);
}

async function trainOver(
  scratch: Scratch | undefined,
  command: TrainCommand,
  args: TrainArguments,
  services: Services,
  hooks: TrainHooks,
): Promise<TrainResult> {
  const { plugins } = services;
  const trainer = await chosenTrainer(command, args, services);
  const { instance: tuner, meta } = await plugins.resolve('tuner', args.sft_type);
  plugins.catalog.find('optimizer', args.optim);
  await services.backend();
  const resume = await resumeFolder(command, args, services);

  // A full checkpoint holds the weights themselves; an adapter's base stays the one given.
  const resumesFull = resume !== undefined && tuner.adapter === undefined;
  const options = {
    ...given(args, services),
    ...(resumesFull ? { model_id_or_path: resume } : {}),
    compute_precision: args.compute_precision,
    scratch: args.offload_weights ? scratch : undefined,
  };
  const located = await locateModel(options, services);
  const other = trainer.objective?.reference ? await locateReference(args, resumesFull, services) : undefined;
  const { template, tokenizer, loraTargets } = located;
  const tuning = pluginOptions(meta, args, { lora_target_modules: loraTargets });
  tuner.check?.(located.skeleton, tuning);
  const data = await loadDatasets(args, services);
  const pictures = picturesOf({ ...located, model: located.skeleton }, args.max_pixels);
  const context = { template, tokenizer, ...trainer, pictures, log: services.log };
  const train_dataset = await encodeRows('training', data.train, args, context);
  const eval_dataset = await encodeRows('validation', data.validation, args, context);
  const samples = [...train_dataset, ...eval_dataset];
  checkLongSamples(samples, located.skeleton, services);
  if (other) checkReference(other, samples, tokenizer);

  const loaded = await loadModel(options, services, located);
  tuner.apply(loaded.model, tuning, SeededRandom.stream(args.seed, 'initialization'));
  const base = { source: loaded.source, name: loaded.name };
  const reference = trainer.objective?.reference
    ? await loadReference(other, { loaded, tuner }, services)
    : undefined;
  const parts = { command, trainer, reference, args, train_dataset, eval_dataset, scratch, resume };
  const model = { loaded, services, tuner };
  return trainPrepared({ ...parts, model, base: resumesFull ? baseOf(args, base) : base }, hooks);
}

/** The model that a run of full tuning began with, when it goes on from a checkpoint. */
function baseOf({ model_type, model_id_or_path: path }: TrainArguments, loaded: BaseModel): BaseModel {
  const source = path ?? loaded.source;
  return { source, name: model_type ?? nameOf(source) };
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

export interface PreparedRun {
  readonly command: TrainCommand;
  readonly args: TrainArguments;
  readonly trainer: Optimized;
  /** Another model that the trainer compares with, and where it was loaded from. */
  readonly reference?: { readonly model?: CausalLM; readonly path?: string };
  /** Loaded, with its tuner applied. */
  readonly model: TunedModel;
  readonly train_dataset: readonly Sample[];
  readonly eval_dataset: readonly Sample[];
  readonly scratch?: Scratch;
  /** Checkpoint to go on from. */
  readonly resume?: string;
  readonly base: BaseModel;
}

/** The model a run began with: what one would load again, and what the run's folder is called after. */
interface BaseModel {
  readonly source: string;
  readonly name: string;
}

/** Trains a loaded and tuned model on encoded samples, into a run folder. */
export async function trainPrepared(run: PreparedRun, hooks: TrainHooks): Promise<TrainResult> {
  const { command, args, trainer, reference, model, base, resume } = run;
  const { loaded, services, tuner } = model;
  const { instance: optimizer, meta } = await services.plugins.resolve('optimizer', args.optim);
  const isFull = tuner.adapter === undefined;
  const inputs = await fingerprintInputs(run.train_dataset, {
    base: isFull ? undefined : loaded.path,
    reference: reference?.path,
  });
  const state = resume === undefined ? undefined : await restore(resume, { model, optimizer, args, inputs });
  const { output_dir } = args;
  return runTrainer(
    {
      ...{ model, trainer, optimizer },
      reference: { model: reference?.model, precompute: args.precompute_ref_log_probs },
      options: trainOptions(command, args, isFull, pluginOptions(meta, args)),
      train_dataset: run.train_dataset,
      eval_dataset: run.eval_dataset,
      inputs,
      packing: args.packing ? args.max_length : undefined,
      folder: () => (args.add_output_dir_suffix ? makeRunFolder(output_dir, base.name) : output_dir),
      args: withAbsolutePaths(
        { command, ...args, template_type: loaded.templateId, model_id_or_path: base.source },
        services.plugins.catalog,
      ),
      tensorBoard: args.report_to.includes('tensorboard'),
      resume: state,
      scratch: run.scratch,
    },
    hooks,
  );
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
