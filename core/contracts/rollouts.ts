/** Answers that a model gives while it trains, and what they are worth. */
import type { SamplingOptions } from './infer-backend.js';

/** How a trainer wants its prompts answered. */
export interface Rollouts {
  /** Answers to each prompt, at least 2 where they are compared. A step sees so many times its prompts. */
  readonly num_generations: number;
  /** Optimizer steps that learn from the same answers. */
  readonly num_iterations: number;
  /** In tokens, the stop token included. */
  readonly max_completion_length: number;
  /** Texts that end an answer, beside the template's. */
  readonly stop_words: readonly string[];
  /** Log-probabilities are those of the distribution that is drawn from at this temperature; `top_k` and `top_p` do not change them. */
  readonly sampling: SamplingOptions;
  /** Whether answers that were cut off at `max_completion_length` are left out of the loss. */
  readonly overlong_filter: boolean;
  /** How often prompts are drawn instead of those whose answers are all worth the same. */
  readonly max_resample_times: number;
  /** Whether the run keeps its answers, in `completions.jsonl`. */
  readonly log_completions: boolean;
  /** The chance that a step learns from answers that are not the model's own, and whose those are; none when absent. */
  readonly given?: { readonly share: number; readonly by: 'rows' | 'teacher' };
  /** What each answer is worth beside the others, of all answers of a step; for an objective that looks at it. */
  advantages?(groups: readonly RewardedGroup[]): readonly (readonly number[])[];
  /** The same of each token, of all answers of a step; for an objective that looks at that. */
  ofTokens?(answers: readonly MeasuredAnswer[]): readonly TokenFacts[];
}

/** An answer as the model gave it: with a number for each token of it. */
export interface MeasuredAnswer {
  /** NaN where no function says anything. */
  readonly reward: number;
  /** Whether it ended by itself. */
  readonly is_whole: boolean;
  readonly old_logp: Float32Array;
  /** Empty without a reference. */
  readonly reference_logp: Float32Array;
  /** By the value head; empty where the objective does not read it. */
  readonly values: Float32Array;
}

/** What the loss knows of each token of an answer. */
export interface TokenFacts {
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
  readonly old_values: Float32Array;
}

/** The answers to a prompt. */
export type RewardedGroup = readonly RewardedAnswer[];

export interface RewardedAnswer {
  /** The weighted sum of `rewards`; NaN where no function says anything. */
  readonly reward: number;
  /** What each reward function says, NaN where it says nothing. */
  readonly rewards: readonly number[];
  /** By their order. */
  readonly weights: readonly number[];
}

/** What the loss knows of an answer. */
export interface AnswerFacts {
  /** Who gave it: the model that trains, or its teacher. */
  readonly by: 'student' | 'teacher';
  /** 0 where the objective asks for none. */
  readonly advantage: number;
  /** Log-probability of each token under the model that answered; absent where that is the model as it is. */
  readonly old_logp?: Float32Array;
  readonly tokens?: TokenFacts;
}
