/** `swift sft`, `pt` and `rlhf`: from arguments to checkpoints. */
import { counted } from '../counted.js';
import { Tuning } from '../adapter/tuning.js';
import type { TrainCommand } from '../config/commands.js';
import { resolve } from 'node:path';
import { pluginOptions } from '../config/plugin-options.js';
import type { Scratch } from '../contracts/scratch.js';
import type { Sample } from '../contracts/template.js';
import { SeededRandom, SeenRows, type RowStream, type SampleSet } from '../data/index.js';
import { longestOf } from '../data/sequences.js';
import { SwiftError } from '../errors.js';
import { ScratchFile } from '../io/scratch-file.js';
import { loadModel } from '../model/load-model.js';
import { locateModel, nameOf, type LocatedModel } from '../model/locate-model.js';
import { adapterNames, type CausalLM } from '../nn/index.js';
import { checkCheckpointFolder } from '../train/checkpoint.js';
import { fingerprintInputs } from '../train/fingerprints.js';
import type { Optimized } from '../train/optimized.js';
import { withAbsolutePaths } from './absolute-paths.js';
import { chosenTrainer } from './chosen-trainer.js';
import { loadDatasets } from './datasets.js';
import { encodeRows, type EncodeContext } from './encode-rows.js';
import { picturesOf } from './pictures.js';
import { checkReference, loadReference, locateReference } from './reference-model.js';
import { checkResume, restore } from './resume.js';
import { makeRunFolder } from './run-folder.js';
import { checkStream, openStream } from './stream-datasets.js';
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
  checkStream(args);
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
  const tuning = Tuning.of(tuner);
  plugins.catalog.find('optimizer', args.optim);
  await services.backend();
  const resume = await resumeFolder(command, args, services);

  // A full checkpoint holds the weights themselves; an adapter's base stays the one given.
  const resumesFull = resume !== undefined && tuning.isFull;
  const options = {
    ...given(args, services),
    ...(resumesFull ? { model_id_or_path: resume } : {}),
    compute_precision: args.compute_precision,
    scratch: args.offload_weights ? scratch : undefined,
  };
  const located = await locateModel(options, services);
  const other = trainer.objective?.reference ? await locateReference(args, resumesFull, services) : undefined;
  const { template, tokenizer, loraTargets } = located;
  const told = pluginOptions(meta, args, { lora_target_modules: loraTargets });
  if (located.codec && tuning.isFull) throw fullOverCodes(args.sft_type, located);
  tuner.check?.(located.skeleton, told);
  const pictures = picturesOf({ ...located, model: located.skeleton }, args.max_pixels);
  const images = pictures && new SeenRows(pictures);
  const context = { template, tokenizer, ...trainer, seen: images, services };
  const { data, validation, seen } = await trainingData(args, context, services);
  if ('samples' in data) checkLongSamples(seen, located.skeleton, services);
  else checkLongest(args.max_length, located.skeleton, services);
  if (other) checkReference(other, seen, tokenizer);

  const loaded = await loadModel(options, services, located);
  await tuner.apply(loaded.model, told, SeededRandom.stream(args.seed, 'initialization'));
  const base = { source: loaded.source, name: loaded.name };
  const reference = trainer.objective?.reference
    ? await loadReference(other, { loaded, tuning }, services)
    : undefined;
  const parts = { command, trainer, reference, args, data, validation, scratch, resume };
  const model = { loaded, services, tuning };
  return trainPrepared({ ...parts, model, base: resumesFull ? baseOf(args, base) : base }, hooks);
}

/** What is trained and evaluated on; and, to be checked before weights are read, all samples, or a stream's first ones. */
async function trainingData(
  args: TrainArguments,
  context: EncodeContext,
  services: Services,
): Promise<Pick<PreparedRun, 'data' | 'validation'> & { readonly seen: readonly Sample[] }> {
  if (args.streaming) return openStream(args, context, services);
  const rows = await loadDatasets(args, services);
  const data = await encodeRows('training', rows.train, args, context);
  const { samples: validation } = await encodeRows('validation', rows.validation, args, context);
  return { data, validation, seen: [...data.samples, ...validation] };
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
  readonly data: SampleSet | RowStream;
  readonly validation: readonly Sample[];
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
  const { command, args, trainer, reference, model, base, resume } = run;
  const { loaded, services, tuning } = model;
  const { instance: optimizer, meta } = await services.plugins.resolve('optimizer', args.optim);
  await checkAdapters(model);
  const { isFull } = tuning;
  const inputs = await fingerprintInputs(run.data, {
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
      data: run.data,
      validation: run.validation,
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
