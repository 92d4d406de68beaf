import type { PluginMeta, PluginOptions } from './plugin-meta.js';
import type { RowLabel, StandardRow } from './row.js';
import type { Sample, Template } from './template.js';
import type { TokenQuantity, TokenValues } from '../nn/token-values.js';
import type { ReadingName } from '../nn/readings.js';
import type { TaskHeads } from '../model/task-heads.js';
import type { AnswerFacts, Rollouts } from './rollouts.js';

/** Decides what a training command optimizes. `Options` are the values of the arguments that its decorator declares. */
export interface Trainer<Options = PluginOptions> {
  /** Which tokens of a row the objective looks at; `none` where sequences are read as a whole. */
  readonly supervise: 'assistant' | 'all' | 'none';
  /**
   * Weight of the cross entropy at each position of a sample (only supervised positions are read). The loss is the
   * weighted sum over the supervised tokens of one optimizer step, divided by their number.
   */
  tokenWeights?(sample: Sample, options: Options): readonly number[] | undefined;
  /** Heads that the model needs beside that of words, or in its place. */
  heads?(options: Options): TaskHeads;
  /** Present where the model also answers the rows of evaluations, whose answers are then compared with these. */
  predicts?(options: Options): Predicted | undefined;
  /** What is optimized instead of cross entropy; nothing where that is what is. @throws SwiftError BAD_ARGUMENT */
  objective?(options: Options): Objective | undefined;
}

/** How rows of evaluations are answered: by the likeliest tokens. */
export interface Predicted {
  /** In tokens, the stop token included. */
  readonly max_new_tokens: number;
}

/** A loss over sequences that belong together, in plain TypeScript. */
export interface Objective {
  /**
   * The conversations that a row becomes, in an order that `loss` relies on.
   * @throws SwiftError BAD_ROW
   */
  sequences(
    row: StandardRow,
    template?: Pick<Template, 'relevance'>,
  ): readonly [StandardRow, ...StandardRow[]];
  /** Whether rows need no answer: a conversation may end with a question. */
  readonly questions?: boolean;
  /** Whether rows may lie packed in one sequence: each is one conversation, and its loss is of its own tokens. */
  readonly packs?: boolean;
  /** What loss and metrics read of each supervised token; `logp` is there in any case, but where there are `readings`. */
  readonly quantities: readonly TokenQuantity[];
  /** What else is read off each sequence, or each of its supervised tokens. */
  readonly readings?: readonly ReadingName[];
  /** Whether the loss reads log-probabilities of a reference model too. */
  readonly reference: boolean;
  /**
   * Present where the model answers the rows as it trains: a row is a prompt, and `loss` sees its answers, a group each.
   * `sequences` is not asked then.
   */
  readonly rollouts?: Rollouts;
  /**
   * Present where predictions are held against those of a teacher, another model: the reading `divergence`, at `beta`, of logits that
   * are divided by `temperature`; of the teacher's `most` likeliest tokens alone, where it says so.
   */
  readonly teacher?: { readonly beta: number; readonly temperature: number; readonly most?: number };
  /** For a loss of a row that depends on the other rows of its step. */
  readonly survey?: Survey;
  /**
   * @param groups the sequences of some rows of a step, all of a row together
   * @param told what the survey told of each of these rows; nothing without one
   * @param step what all rows of the step come to
   */
  loss(groups: readonly Group[], told: readonly Told[], step: StepTotals): ObjectiveResult;
}

/** Of a whole optimizer step, of which `loss` sees a part. */
export interface StepTotals {
  readonly groups: number;
  readonly sequences: number;
  /** Supervised tokens. */
  readonly tokens: number;
}

/**
 * A look at all of an optimizer step before any of its losses, without gradients or dropout, so that a step comes to the same
 * however it is split into passes.
 */
export interface Survey {
  /**
   * The sequences that are looked at: those of the rows, or `mismatched` ones, where the answers of each row stand behind the
   * prompts of the next one, and those of the last row behind the first one's.
   */
  readonly of: 'rows' | 'mismatched';
  /**
   * @param groups of all rows of the step, in their order; each sequence has `logp` and, with a reference, `reference_logp`, or the
   * objective's `readings`
   * @returns what each row is told
   */
  tell(groups: readonly Group[]): readonly Told[];
}

/** What a survey tells of a row. */
export type Told = readonly number[];

/** The sequences of a row. */
export type Group = readonly Sequence[];

/** What is known of a sequence, for each of its supervised tokens: `values` has the quantities that are asked for. */
export interface Sequence {
  readonly values: TokenValues;
  /** `logp` of the reference model; empty without one. */
  readonly reference_logp: Float32Array;
  /** Of an answer that the model gave. */
  readonly answer?: AnswerFacts;
  /** Numbers of each reading: a value for each supervised token, or those of the sequence as a whole. */
  readonly readings?: SequenceReadings;
  /** By how much it should be ahead, where the row says so. */
  readonly margin?: number;
  /** What kind of row it is of, where the row says so. */
  readonly channel?: string;
  /** The conversation's, where it has one. */
  readonly label?: RowLabel;
}

export interface ObjectiveResult {
  /** Sum over the groups. The step's loss is the mean over all its groups. */
  readonly loss: number;
  /** The gradient of that sum by `logp` of each token, of each sequence of each group; empty arrays where no `logp` is read. */
  readonly cotangents: readonly (readonly Float32Array[])[];
  /** The same by the objective's readings. */
  readonly reading_cotangents?: readonly (readonly SequenceReadings[])[];
  /** What is logged beside the loss, as sums over `count` groups or tokens. */
  readonly metrics: Readonly<Record<string, Sum>>;
}

/** Numbers of readings of a sequence, or gradients by them. */
export type SequenceReadings = Readonly<Partial<Record<ReadingName, Float32Array>>>;

/** A mean, as its parts. One over nothing is not logged. */
export interface Sum {
  readonly sum: number;
  readonly count: number;
  /** Another mean, which is taken off. */
  readonly less?: Sum;
}

export interface TrainerMeta extends PluginMeta {
  /** The command that trains so: `sft` chooses one by `--task_type`, `pt` that of its own name, `rlhf` one by `--rlhf_type`. */
  readonly command: 'sft' | 'pt' | 'rlhf';
  /** Other defaults of the command's arguments, and of those of the plugins it uses. */
  readonly defaults?: PluginOptions;
}
