import type { TrainCommand } from '../config/commands.js';
import { trainerOfTask } from '../config/task-arguments.js';
import { pluginOptions } from '../config/plugin-options.js';
import { SwiftError } from '../errors.js';
import { optimizedBy, type Optimized } from '../train/optimized.js';
import { isBinary } from '../template/check-loss-scale.js';
import { learnedOf, type Learned } from './loss-scaling.js';
import type { Services } from './services.js';
import type { TrainArguments } from '../config/command-line.js';

/** A trainer, and what it learns of a row. */
export interface ChosenTrainer extends Optimized, Learned {}

/**
 * The trainer of a command.
 * @throws SwiftError BAD_ARGUMENT for one of another command, a reference that nobody asks, and steps of too few rows
 */
export async function chosenTrainer(
  command: TrainCommand,
  args: TrainArguments,
  { plugins }: Services,
): Promise<{ readonly id: string; readonly trainer: ChosenTrainer }> {
  const { by, id } = trainerOf(command, args);
  const { instance: trainer, meta } = await plugins.resolve('trainer', id);
  if (meta.command !== command) {
    const others = plugins.catalog.list('trainer').filter((entry) => entry.command === command);
    throw new SwiftError('BAD_ARGUMENT', `--${by} ${id}: that is a trainer of swift ${meta.command}`, {
      cure: `Those of swift ${command}: ${others.map((entry) => entry.id).join(', ')}.`,
    });
  }
  const optimized = optimizedBy(trainer, pluginOptions(meta, args));
  if (optimized.objective?.packs === false && args.packing) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--packing true: the sequences of a row belong together with ${id}`,
      {
        cure: 'Leave it out: samples lie side by side without it.',
      },
    );
  }
  const asked =
    flagOf('ref', args) ?? (args.precompute_ref_log_probs ? 'precompute_ref_log_probs' : undefined);
  if (asked !== undefined && !optimized.objective?.reference) {
    throw new SwiftError('BAD_ARGUMENT', `--${asked}: ${id} compares with no reference model`, {
      cure: 'Leave it out.',
    });
  }
  if (args.rollout_url != null && !optimized.objective?.rollouts) {
    throw new SwiftError('BAD_ARGUMENT', `--rollout_url: ${id} asks for no answers`, {
      cure: 'Leave it out, or choose a trainer that does: --rlhf_type grpo.',
    });
  }
  const teacher = args.teacher_model_server == null ? flagOf('teacher', args) : 'teacher_model_server';
  if (teacher !== undefined && !optimized.objective?.teacher) {
    throw new SwiftError('BAD_ARGUMENT', `--${teacher}: ${id} has no teacher`, {
      cure: 'Leave it out, or distil: --rlhf_type gkd.',
    });
  }
  const rows = args.batch_size * (args.gradient_accumulation_steps ?? Infinity);
  if (optimized.objective?.survey?.of === 'mismatched' && rows === 1) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `--batch_size 1: ${id} holds answers against those of other rows of a step`,
      {
        cure: 'Give a larger one, or --gradient_accumulation_steps.',
      },
    );
  }
  // Of answers that the model gives there are no rows to weigh.
  const { rollouts } = optimized.objective ?? {};
  const supervise = rollouts && rollouts.given?.by !== 'rows' ? 'none' : optimized.supervise;
  const learned = await learnedOf(args, supervise, plugins);
  if (optimized.objective && learned.supervise !== 'none') checkCompared(id, args, learned);
  return { id, trainer: { ...optimized, ...learned } };
}

/** Which trainer trains, and the argument that says so. */
function trainerOf(
  command: TrainCommand,
  args: TrainArguments,
): { readonly by: string; readonly id: string } {
  if (command === 'rlhf') return { by: 'rlhf_type', id: args.rlhf_type ?? 'dpo' };
  const task = command === 'sft' ? (args.task_type ?? 'causal_lm') : command;
  return { by: 'task_type', id: trainerOfTask(task) };
}

/** @throws SwiftError BAD_ARGUMENT for weights that an objective cannot give tokens of its answers */
function checkCompared(
  id: string,
  { loss_scale: named }: TrainArguments,
  { supervise, loss_scale }: Learned,
): void {
  const refuse = (what: string): never => {
    throw new SwiftError('BAD_ARGUMENT', `--loss_scale ${named ?? 'react'}: ${what}`, {
      cure: 'Give it default, last_round, ignore_empty_think or ignore_think_prefix here, or leave it out.',
    });
  };
  if (supervise === 'all') refuse(`${id} learns of answers alone`);
  if (loss_scale?.scales.every(isBinary) === false) {
    refuse(`${id} takes answers whole: a token takes part or does not, and none weighs more`);
  }
}

/** The argument that names another model, if one is given. */
function flagOf(which: 'ref' | 'teacher', args: TrainArguments): string | undefined {
  const names = [`${which}_model_type`, `${which}_model_id_or_path`, `${which}_model_revision`] as const;
  return names.find((name) => typeof args[name] === 'string');
}
