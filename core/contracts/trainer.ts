import type { Sample } from './template.js';

/** Decides what a training command optimizes. */
export interface Trainer {
  /** Which tokens of a row the objective looks at. */
  readonly supervise: 'assistant' | 'all';
  /**
   * Weight of the cross entropy at each position of a sample (only supervised positions are read). The objective is
   * the weighted sum over the supervised tokens of one optimizer step, divided by their number.
   */
  tokenWeights(sample: Sample): readonly number[] | undefined;
}

export interface TrainerMeta {
  readonly id: string;
  readonly summary: string;
}
