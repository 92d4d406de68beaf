import { resolve } from 'node:path';
import type { Scratch } from '../contracts/scratch.js';
import type { Optimizer } from '../contracts/optimizer.js';
import type { Encoded } from '../contracts/template.js';
import type { Tuner, TunerOptions } from '../contracts/tuner.js';
import { SeededRandom } from '../data/index.js';
import { SwiftError } from '../errors.js';
import { ScratchFile } from '../io/scratch-file.js';
import { loadModel, type LoadedModel, type LoadModelOptions } from '../model/load-model.js';
import type { CommandValues } from '../config/command-line.js';
import {
  checkCheckpointFolder,
  holdsAdapter,
  readAdapter,
  readArgs,
  readTrainingState,
  restoreMasters,
} from '../train/checkpoint.js';
import type { TrainOptions } from '../train/options.js';
import type { TrainerState } from '../train/state.js';
import { encodeRows, loadDatasets } from './datasets.js';
import { makeRunFolder } from './run-folder.js';
import { runTrainer, type TrainHooks, type TrainResult } from './run-trainer.js';
import type { Services } from './services.js';

export type TrainArguments = CommandValues<'sft'>;

/** `swift sft` and `swift pt`: from arguments to checkpoints. */
export async function train(
  command: 'sft' | 'pt',
  args: TrainArguments,
  services: Services,
  hooks: TrainHooks = {},
): Promise<TrainResult> {
  checkOffload(args);
  const offloads = args.offload_weights || args.offload_activations;
  const scratch = offloads ? await ScratchFile.open(args.output_dir) : undefined;
  try {
    return await trainOver(scratch, command, args, services, hooks);
  } finally {
    await scratch?.close();
  }
}

async function trainOver(
  scratch: Scratch | undefined,
  command: 'sft' | 'pt',
  args: TrainArguments,
  services: Services,
  hooks: TrainHooks,
): Promise<TrainResult> {
  const { plugins } = services;
  const { instance: trainer } = await plugins.resolve('trainer', command);
  const { instance: tuner } = await plugins.resolve('tuner', args.sft_type);
  const { instance: optimizer } = await plugins.resolve('optimizer', args.optim);
  const resume = args.resume_from_checkpoint === null ? undefined : resolve(args.resume_from_checkpoint);
  if (resume !== undefined) await checkCheckpointFolder(resume, '--resume_from_checkpoint');
  checkResume(resume, command, args);

  const isFull = tuner.adapter === undefined;
  // A full checkpoint holds the weights themselves; an adapter's base stays the one given.
  const from = resume !== undefined && isFull ? { model_id_or_path: resume } : {};
  const loaded = await loadModel(
    {
      ...given(args, services),
      ...from,
      compute_precision: args.compute_precision,
      scratch: args.offload_weights ? scratch : undefined,
    },
    services,
  );
  const data = await loadDatasets(args, services);
  const { template, tokenizer } = loaded;
  const context = { template, tokenizer, supervise: trainer.supervise, log: services.log };
  const train_dataset = encodeRows('training', data.train, args, context);
  const eval_dataset = encodeRows('validation', data.validation, args, context);

  checkLongSamples([...train_dataset, ...eval_dataset], loaded, services);
  tuner.apply(loaded.model, tunerOptions(args, loaded), SeededRandom.stream(args.seed, 'initialization'));
  const state = resume === undefined ? undefined : await restore(resume, args, { loaded, tuner, optimizer });
  const { output_dir } = args;
  return runTrainer(
    {
      model: { loaded, services, tuner },
      trainer,
      optimizer,
      options: trainOptions(command, args, isFull),
      train_dataset,
      eval_dataset,
      packing: args.packing ? args.max_length : undefined,
      folder: () => (args.add_output_dir_suffix ? makeRunFolder(output_dir, loaded.modelType) : output_dir),
      args: { ...args, command, template_type: loaded.templateId, model_id_or_path: loaded.source },
      tensorBoard: args.report_to.includes('tensorboard'),
      resume: state,
      scratch,
    },
    hooks,
  );
}

/** @throws SwiftError BAD_ARGUMENT when activations would be both recomputed and kept on disk */
function checkOffload({ offload_activations, gradient_checkpointing }: TrainArguments): void {
  if (!offload_activations || !gradient_checkpointing) return;
  throw new SwiftError('BAD_ARGUMENT', '--offload_activations and --gradient_checkpointing are both given', {
    cure: 'Leave one out: activations are either recomputed or kept on disk.',
  });
}

/**
 * A model has not learned positions beyond those its config names; training there rarely is what was meant.
 * @throws SwiftError BAD_ARGUMENT where it has no such positions at all
 */
function checkLongSamples(samples: readonly Encoded[], { model }: LoadedModel, { log }: Services): void {
  const positions = model.shape.max_position_embeddings;
  const count = samples.filter(({ input_ids }) => input_ids.length > positions).length;
  if (count === 0) return;
  if (positions >= model.mostPositions) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `${count} samples are longer than the ${positions} positions this model has`,
      {
        cure: `--max_length ${positions} drops them.`,
      },
    );
  }
  log.warn(
    `${count} samples are longer than the ${positions} positions of this model; --max_length ${positions} drops them`,
  );
}

/** Arguments as loading wants them: absent instead of null, the hub as the services settled it (`USE_HF` counts). */
export function given(
  args: Pick<
    TrainArguments,
    | 'model_type'
    | 'model_id_or_path'
    | 'model_revision'
    | 'template_type'
    | 'dtype'
    | 'quant_bits'
    | 'quant_method'
    | 'quant_group_size'
  >,
  { useHf }: Services,
): LoadModelOptions {
  return {
    model_type: args.model_type ?? undefined,
    model_id_or_path: args.model_id_or_path ?? undefined,
    model_revision: args.model_revision ?? undefined,
    template_type: args.template_type === 'AUTO' ? undefined : args.template_type,
    use_hf: useHf,
    dtype: args.dtype,
    quant_bits: args.quant_bits,
    quant_method: args.quant_method,
    quant_group_size: args.quant_group_size,
  };
}

/** AUTO of a command that generates: 16-bit weights are widened, since products with float32 are faster. */
export function forInference(options: LoadModelOptions): LoadModelOptions {
  return options.dtype === 'AUTO' ? { ...options, dtype: 'fp32' } : options;
}

function tunerOptions(args: TrainArguments, { loraTargets }: LoadedModel): TunerOptions {
  const target_modules = args.target_modules.flatMap((name) => (name === 'DEFAULT' ? loraTargets : [name]));
  return {
    ...args,
    target_modules,
    target_regex: args.target_regex ?? undefined,
    lora_bias: args.lora_bias_trainable,
  };
}

export function trainOptions(command: 'sft' | 'pt', args: TrainArguments, isFull: boolean): TrainOptions {
  const eval_steps = args.eval_steps ?? (command === 'pt' ? 500 : isFull ? 200 : 50);
  return {
    ...args,
    gradient_accumulation_steps: args.gradient_accumulation_steps ?? Math.ceil(16 / args.batch_size),
    learning_rate: args.learning_rate ?? (isFull ? 1e-5 : 1e-4),
    eval_strategy: args.evaluation_strategy,
    eval_steps,
    save_steps: args.save_steps ?? eval_steps,
    save_total_limit: args.save_total_limit ?? 2,
    residuals: args.gradient_checkpointing ? 'recompute' : args.offload_activations ? 'offload' : 'save',
  };
}

/** Arguments that may change on resuming: none of them decides what a step computes. */
const FREE_ON_RESUME: ReadonlySet<string> = new Set([
  'output_dir',
  'add_output_dir_suffix',
  'resume_from_checkpoint',
  'resume_only_model',
  'model_id_or_path',
  'model_type',
  'model_revision',
  'template_type',
  'use_hf',
  'plugins',
  'backend',
  'gradient_checkpointing',
  'offload_activations',
  'offload_weights',
  'memory_report',
  'logging_steps',
  'evaluation_strategy',
  'eval_steps',
  'early_stop_interval',
  'save_strategy',
  'save_steps',
  'save_total_limit',
  'save_only_model',
  'report_to',
  'disable_tqdm',
]);

/** @throws SwiftError RESUME_MISMATCH naming every argument that differs from the checkpoint's */
function checkResume(folder: string | undefined, command: string, args: TrainArguments): void {
  if (folder === undefined || args.resume_only_model) return;
  const before = readArgs(folder);
  if (before === undefined) {
    throw new SwiftError('BAD_CHECKPOINT', `${folder} has no args.json`, {
      cure: 'Give a checkpoint folder of a run, e.g. output/…/checkpoint-100.',
    });
  }
  const now: Readonly<Record<string, unknown>> = { ...args, command };
  const changed = Object.keys(now).filter(
    (name) => !FREE_ON_RESUME.has(name) && JSON.stringify(now[name]) !== JSON.stringify(before[name]),
  );
  if (changed.length === 0) return;
  throw new SwiftError(
    'RESUME_MISMATCH',
    `the checkpoint was trained with other arguments: ${changed.join(', ')}`,
    {
      cure: [
        ...changed.map(
          (name) => `${name}: was ${JSON.stringify(before[name])}, is ${JSON.stringify(now[name])}`,
        ),
        'Give the same ones, or take only the weights with --resume_only_model true.',
      ],
    },
  );
}

interface RestoredParts {
  readonly loaded: LoadedModel;
  readonly tuner: Tuner;
  readonly optimizer: Optimizer;
}

/** Puts a checkpoint's adapter and optimizer state in place; returns where the run stood. */
async function restore(
  folder: string,
  { resume_only_model }: TrainArguments,
  { loaded, tuner, optimizer }: RestoredParts,
): Promise<TrainerState | undefined> {
  if (holdsAdapter(folder)) tuner.restore!(loaded.model, await readAdapter(folder));
  if (resume_only_model) return undefined;
  if (!holdsAdapter(folder)) await restoreMasters(folder, loaded);
  const { state, optimizer: moments } = await readTrainingState(folder);
  optimizer.load(moments);
  return state;
}
