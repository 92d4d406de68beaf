import type { TrainCommand } from '../config/commands.js';
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
  const id = command === 'rlhf' ? (args.rlhf_type ?? 'dpo') : command;
  const { instance: trainer, meta } = await plugins.resolve('trainer', id);
  if (meta.command !== command) {
    const others = plugins.catalog.list('trainer').filter((entry) => entry.command === command);
    throw new SwiftError('BAD_ARGUMENT', `--rlhf_type ${id}: that is a trainer of swift ${meta.command}`, {
      cure: `Those of swift ${command}: ${others.map((entry) => entry.id).join(', ')}.`,
    });
  }
  const optimized = optimizedBy(trainer, pluginOptions(meta, args));
  const asked =
    flagOf('ref', args) ?? (args.precompute_ref_log_probs ? 'precompute_ref_log_probs' : undefined);
  if (asked !== undefined && !optimized.objective?.reference) {
    throw new SwiftError('BAD_ARGUMENT', `--${asked}: ${id} compares with no reference model`, {
      cure: 'Leave it out.',
    });
  }
  const teacher = flagOf('teacher', args);
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
  const supervise = optimized.objective?.rollouts ? 'none' : optimized.supervise;
  const learned = await learnedOf(args, supervise, plugins);
  if (optimized.objective && learned.supervise !== 'none') checkCompared(id, args, learned);
  return { id, trainer: { ...optimized, ...learned } };
}

/** @throws SwiftError BAD_ARGUMENT for what cannot be learned of answers that are compared whole */
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
  if (supervise === 'all') refuse(`${id} compares answers, which have their question in common`);
  if (loss_scale?.scales.every(isBinary) === false) {
    refuse(`${id} compares answers whole: a token takes part or does not, and none weighs more`);
  }
}

/** The argument that names another model, if one is given. */
function flagOf(which: 'ref' | 'teacher', args: TrainArguments): string | undefined {
  const names = [`${which}_model_type`, `${which}_model_id_or_path`, `${which}_model_revision`] as const;
  return names.find((name) => typeof args[name] === 'string');
}
