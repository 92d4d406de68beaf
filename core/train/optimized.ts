import type { PluginOptions } from '../contracts/plugin-meta.js';
import type { Sample } from '../contracts/template.js';
import type { Objective, Trainer } from '../contracts/trainer.js';

/** What is optimized: a trainer with the values of its arguments. */
export interface Optimized {
  readonly supervise: Trainer['supervise'];
  /** Weight of the cross entropy at each position, where some weigh other than 1. */
  readonly tokenWeights: (sample: Sample) => readonly number[] | undefined;
  /** What takes the place of cross entropy, if anything does. */
  readonly objective?: Objective;
}

/** @throws SwiftError BAD_ARGUMENT for options that do not go together */
export function optimizedBy(trainer: Trainer, options: PluginOptions): Optimized {
  return {
    supervise: trainer.supervise,
    tokenWeights: (sample) => trainer.tokenWeights?.(sample, options),
    objective: trainer.objective?.(options),
  };
}
