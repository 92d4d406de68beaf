import type { PluginOptions } from '../contracts/plugin-meta.js';
import type { TaskHeads } from '../model/task-heads.js';
import type { Sample } from '../contracts/template.js';
import type { Objective, Predicted, Trainer } from '../contracts/trainer.js';
import { idOf } from '../plugin-id.js';
import { checkedObjective } from './checked-objective.js';

/** What is optimized: a trainer with the values of its arguments. */
export interface Optimized {
  readonly supervise: Trainer['supervise'];
  /** Weight of the cross entropy at each position, where some weigh other than 1. */
  readonly tokenWeights: (sample: Sample) => readonly number[] | undefined;
  /** What takes the place of cross entropy, if anything does. */
  readonly objective?: Objective;
  /** How rows of evaluations are answered, where they are. */
  readonly predicts?: Predicted;
  /** Heads that the model needs for it. */
  readonly heads: TaskHeads;
  /** The trainer that says so, and what it was told. */
  readonly trainer: { readonly id: string; readonly options: PluginOptions };
}

/** @throws SwiftError BAD_ARGUMENT for options that do not go together, BAD_PLUGIN for an objective that is none */
export function optimizedBy(trainer: Trainer, options: PluginOptions): Optimized {
  const objective = trainer.objective?.(options);
  return {
    supervise: trainer.supervise,
    tokenWeights: (sample) => trainer.tokenWeights?.(sample, options),
    objective: objective && checkedObjective(objective, idOf(trainer)),
    predicts: trainer.predicts?.(options),
    heads: trainer.heads?.(options) ?? {},
    trainer: { id: idOf(trainer), options },
  };
}
