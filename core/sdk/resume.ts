/** Going on from a checkpoint: whether it is the same run, and putting its state in place. */
import type { Optimizer } from '../contracts/optimizer.js';
import { SwiftError } from '../errors.js';
import {
  holdsAdapter,
  readAdapter,
  readArgs,
  readTrainingState,
  restoreMasters,
} from '../train/checkpoint.js';
import type { TrainerState } from '../train/state.js';
import type { TrainArguments } from './train-arguments.js';
import type { TunedModel } from './tunable-model.js';

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

/** @throws SwiftError RESUME_MISMATCH naming every argument that differs from the checkpoint's, BAD_CHECKPOINT */
export function checkResume(folder: string, command: string, args: TrainArguments): void {
  if (args.resume_only_model) return;
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

/** Puts a checkpoint's adapter and optimizer state in place; returns where the run stood. */
export async function restore(
  folder: string,
  { loaded, tuner }: TunedModel,
  optimizer: Optimizer,
  { resume_only_model }: TrainArguments,
): Promise<TrainerState | undefined> {
  if (holdsAdapter(folder)) tuner.restore!(loaded.model, await readAdapter(folder));
  if (resume_only_model) return undefined;
  if (!holdsAdapter(folder)) await restoreMasters(folder, loaded);
  const { state, optimizer: moments } = await readTrainingState(folder);
  optimizer.load(moments);
  return state;
}
