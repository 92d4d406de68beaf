/** Going on from a checkpoint: whether it is the same run, and putting its state in place. */
import { soundArgumentsOf } from '../config/plugin-arguments.js';
import type { Log } from '../contracts/log.js';
import type { Optimizer } from '../contracts/optimizer.js';
import { commandSchema } from '../config/command-schema.js';
import type { CommandName } from '../config/commands.js';
import { SwiftError } from '../errors.js';
import { checkResumable, readArgs, readTrainingState, restoreMasters } from '../train/checkpoint.js';
import { changedFiles, hasFingerprints, otherInputs, type RunInputs } from '../train/fingerprints.js';
import { tunerStep } from '../train/loop.js';
import type { TrainerState } from '../train/state.js';
import { trainedOf } from '../train/trained-parameters.js';
import type { Services } from './services.js';
import { withAbsolutePaths } from '../job/absolute-paths.js';
import type { TrainArguments } from '../config/command-line.js';
import type { TunedModel } from './tunable-model.js';

/** Arguments that may change on resuming, with those of the backend: none of them decides what a step computes. */
const FREE_ON_RESUME: ReadonlySet<string> = new Set([
  'output_dir',
  'add_output_dir_suffix',
  'resume_from_checkpoint',
  'resume_only_model',
  'ignore_resume_mismatch',
  'model_id_or_path',
  // Fingerprints tell whether the rows are the same, whatever they are called and wherever they lie.
  'dataset',
  // What it drops is no row that was learned.
  'check_dataset_strategy',
  'model_type',
  'model_revision',
  'template_type',
  'agent_template',
  'use_hf',
  'plugins',
  'dataset_num_proc',
  'load_from_cache_file',
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
  'rollout_url',
]);

/**
 * Holds a checkpoint against what it was when it was written, and the run's arguments against its own. With
 * `ignore_resume_mismatch` what differs is only said.
 *
 * @throws SwiftError RESUME_MISMATCH naming every argument that differs, BAD_CHECKPOINT
 */
export async function checkResume(
  folder: string,
  command: string,
  args: TrainArguments,
  { log, plugins: { catalog } }: Pick<Services, 'log' | 'plugins'>,
): Promise<void> {
  if (args.resume_only_model) return;
  const written = readArgs(folder);
  if (written === undefined) {
    throw new SwiftError('BAD_CHECKPOINT', `${folder} has no args.json`, {
      cure: 'Give a checkpoint folder of a run, e.g. output/…/checkpoint-100.',
    });
  }
  checkResumable(folder);
  if (!hasFingerprints(folder))
    log.warn(`${folder} is of an earlier version: whether data or base model are the same cannot be told`);
  const changed = await changedFiles(folder);
  if (changed.length > 0) {
    const cure = 'Resume from another checkpoint, or take only the weights with --resume_only_model true.';
    unlessIgnored(args, log, 'BAD_CHECKPOINT', changed.join('; '), [cure]);
  }
  const before = withAbsolutePaths(written, catalog);
  const now = withAbsolutePaths({ ...args, command }, catalog);
  const backend = soundArgumentsOf('backend', catalog.find('backend', args.backend));
  const isFree = (name: string): boolean => FREE_ON_RESUME.has(name) || Object.hasOwn(backend, name);
  const given = Object.entries(now).map(([name, value]) => [name, { value, place: name }] as const);
  const { known } = commandSchema(command as CommandName, new Map(given), catalog);
  // A checkpoint of a version that had no such argument did what is now the default.
  const was = (name: string): unknown => (name in before ? before[name] : known[name]?.default);
  const others = Object.keys(now).filter(
    (name) => !isFree(name) && JSON.stringify(now[name]) !== JSON.stringify(was(name)),
  );
  if (others.length === 0) return;
  const said = (name: string, values: Readonly<Record<string, unknown>>): string => {
    const derived = known[name]?.derived;
    return values[name] == null && derived !== undefined
      ? `the default (${derived})`
      : JSON.stringify(values[name]);
  };
  const fault = `the checkpoint was trained with other arguments: ${others.join(', ')}`;
  unlessIgnored(args, log, 'RESUME_MISMATCH', fault, [
    ...others.map((name) => `${name}: was ${said(name, before)}, is ${said(name, now)}`),
    'Give the same ones, or take only the weights with --resume_only_model true.',
  ]);
}

/** Refuses to go on, or says why one should not where that is wanted. */
function unlessIgnored(
  { ignore_resume_mismatch }: TrainArguments,
  log: Pick<Log, 'warn'>,
  code: 'RESUME_MISMATCH' | 'BAD_CHECKPOINT',
  message: string,
  cure: readonly string[],
): void {
  if (ignore_resume_mismatch) return log.warn(message);
  throw new SwiftError(code, message, {
    cure: [...cure, 'To go on even so: --ignore_resume_mismatch true.'],
  });
}

export interface Resumed {
  readonly model: TunedModel;
  readonly optimizer: Optimizer;
  readonly args: TrainArguments;
  readonly inputs: RunInputs;
}

/**
 * Puts a checkpoint's adapter and optimizer state in place; returns where the run stood.
 *
 * @throws SwiftError RESUME_MISMATCH for other data or another base model; BAD_CHECKPOINT
 */
export async function restore(
  folder: string,
  { model: { loaded, tuning, services }, optimizer, args, inputs }: Resumed,
): Promise<TrainerState | undefined> {
  const others = args.resume_only_model ? [] : otherInputs(folder, inputs);
  if (others.length > 0) {
    const fault = `going on would compute something else: ${others.join('; ')}`;
    unlessIgnored(args, services.log, 'RESUME_MISMATCH', fault, [
      'Give the data and the base model of the run, or take only the weights with --resume_only_model true.',
    ]);
  }
  if (!tuning.isFull) await tuning.restore(loaded.model, folder);
  if (args.resume_only_model) return undefined;
  if (tuning.isFull) await restoreMasters(folder, loaded);
  const { state, optimizer: moments } = await readTrainingState(folder);
  const tuned = trainedOf(loaded.model);
  // The state is of what trained in the last step.
  tuning.beforeStep(loaded.model, tunerStep(args.seed, state.global_step - 1));
  const sizes = trainedOf(loaded.model).map(([name, { size }]) => [name, size] as const);
  for (const [, parameter] of tuned) parameter.trainable = true;
  optimizer.load(moments, new Map(sizes));
  const step = moments.get('step')?.[0];
  if (step !== undefined && step !== state.global_step) {
    throw new SwiftError(
      'BAD_CHECKPOINT',
      `${folder}: the optimizer stands at step ${step}, the run at ${state.global_step}`,
      { cure: 'Resume from another checkpoint, or take only the weights with --resume_only_model true.' },
    );
  }
  return state;
}
