import type { PluginMeta, PluginOptions } from './plugin-meta.js';
import type { StandardRow } from './row.js';
import type { Sample } from './template.js';
import type { TokenQuantity, TokenValues } from '../nn/token-values.js';
import type { AnswerFacts, Rollouts } from './rollouts.js';

/** Decides what a training command optimizes. `Options` are the values of the arguments that its decorator declares. */
export interface Trainer<Options = PluginOptions> {
  /** Which tokens of a row the objective looks at. */
  readonly supervise: 'assistant' | 'all';
  /**
   * Weight of the cross entropy at each position of a sample (only supervised positions are read). The loss is the
   * weighted sum over the supervised tokens of one optimizer step, divided by their number.
   */
  tokenWeights?(sample: Sample, options: Options): readonly number[] | undefined;
  /** What is optimized instead of cross entropy. @throws SwiftError BAD_ARGUMENT */
  objective?(options: Options): Objective;
}

/** A loss over sequences that belong together, in plain TypeScript. */
export interface Objective {
  /**
   * The conversations that a row becomes, in an order that `loss` relies on.
   * @throws SwiftError BAD_ROW
   */
  sequences(row: StandardRow): readonly [StandardRow, ...StandardRow[]];
  /** What loss and metrics read of each supervised token; `logp` is there in any case. */
  readonly quantities: readonly TokenQuantity[];
  /** Whether the loss reads log-probabilities of a reference model too. */
  readonly reference: boolean;
  /**
   * Present where the model answers the rows as it trains: a row is a prompt, and `loss` sees its answers, a group each.
   * `sequences` is not asked then.
   */
  readonly rollouts?: Rollouts;
  /** @param groups the sequences of some rows of a step, all of a row together */
  loss(groups: readonly Group[], step: StepTotals): ObjectiveResult;
}

/** Of a whole optimizer step, of which `loss` sees a part. */
export interface StepTotals {
  readonly groups: number;
  /** Supervised tokens. */
  readonly tokens: number;
}

/** The sequences of a row. */
export type Group = readonly Sequence[];

/** What is known of a sequence, for each of its supervised tokens: `values` has the quantities that are asked for. */
export interface Sequence {
  readonly values: TokenValues;
  /** `logp` of the reference model; empty without one. */
  readonly reference_logp: Float32Array;
  /** Of an answer that the model gave. */
  readonly answer?: AnswerFacts;
}

export interface ObjectiveResult {
  /** Sum over the groups. The step's loss is the mean over all its groups. */
  readonly loss: number;
  /** The gradient of that sum by `logp` of each token, of each sequence of each group. */
  readonly cotangents: readonly (readonly Float32Array[])[];
  /** What is logged beside the loss, as sums over `count` groups or tokens. */
  readonly metrics: Readonly<Record<string, Sum>>;
}

export interface Sum {
  readonly sum: number;
  readonly count: number;
}

export interface TrainerMeta extends PluginMeta {
  /** The command that trains so: `sft` and `pt` choose the trainer of their own name, `rlhf` one by `--rlhf_type`. */
  readonly command: 'sft' | 'pt' | 'rlhf';
  /** Other defaults of the command's arguments, and of those of the plugins it uses. */
  readonly defaults?: PluginOptions;
}
