/** How much the tokens of an answer weigh in the loss, as data. */

/**
 * Weights of an answer's stretches (Li et al., 2023, arXiv 2309.00986). `"Action:": [2, 3]`: the text `Action:` weighs 2, and
 * what follows it, up to the next keyword, 3. `"<a>.*?</a>": [2]`: what this regular expression matches (JavaScript's, in which
 * `.` is any character and `^` the beginning of the answer) weighs 2. What no rule reaches weighs 1. The one that begins first
 * counts, of those that begin together the one listed first. A table has keywords or expressions, not both.
 */
export type LossScaleRules = Readonly<Record<string, readonly number[]>>;

/** Rules for answers. A weight of 0 takes a token out of what is learned. */
export interface LossScale {
  readonly response: LossScaleRules;
  /** A text in the question -> the weight of the whole answer, which `response` then says nothing about. */
  readonly query?: Readonly<Record<string, number>>;
}

export interface LossScaleMeta {
  readonly id: string;
  readonly summary: string;
  /** Further ids of the same rules, each with its summary. */
  readonly also?: Readonly<Record<string, string>>;
}

/** What `--loss_scale` comes to. */
export interface LossScaling {
  /** Only the last answer is learned, unless a message says otherwise. */
  readonly last_round: boolean;
  /** One after the other: each weighs the stretches of those before it, and weights multiply. */
  readonly scales: readonly LossScale[];
}
