import type { Sample } from '../contracts/template.js';

/** What the samples of one optimizer step come to, or those of one evaluation. */
export interface PassResult {
  /** The mean that is optimized. */
  readonly loss: number;
  readonly supervised: number;
  /** Tokens of all sequences, where these are others than the samples'. */
  readonly tokens?: number;
  /** Supervised tokens whose label had the largest logit; absent where an objective has other measures. */
  readonly correct?: number;
  /** Means that the objective logs beside the loss. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** How samples become a loss, and gradients of what trains. */
export interface Passes {
  /**
   * Adds the gradients of a step's mean loss up.
   * @param dropout of the i-th micro-batch: a source uniform in [0, 1)
   * @param step of the run, from 0
   */
  train(samples: readonly Sample[], dropout: (i: number) => () => number, step: number): Promise<PassResult>;
  /** Names of all that an evaluation measures, where they are known before one. */
  readonly measures?: readonly string[];
  /** The mean loss without gradients or dropout. */
  evaluate(samples: readonly Sample[]): Promise<PassResult>;
}
