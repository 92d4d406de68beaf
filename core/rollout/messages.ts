/** What a run that trains and the server that answers for it say to each other. */
import type { JobModel, JobPlugin } from '../contracts/job.js';
import type { Rollouts } from '../contracts/rollouts.js';
import type { RandomState } from '../data/random.js';
import type { ErrorCode } from '../errors.js';
import type { Drawn } from '../train/rollout-passes.js';

/** How answers are to come about. */
export type WantedAnswers = Pick<Rollouts, 'sampling' | 'max_completion_length' | 'stop_words'>;

/** Everything that an answer hangs on but weights and prompts: both sides must have it alike. */
export interface ModelFacts extends Pick<
  JobModel,
  'template' | 'agent' | 'codec' | 'dtype' | 'quantized' | 'patchers'
> {
  readonly compute_precision: 'fp32' | 'int8';
  /** Fingerprint of the base model's weight files; absent where the run trains all of them. */
  readonly base?: string;
}

/** A run begins. */
export interface RolloutSetup {
  /** Of this package. */
  readonly version: string;
  readonly model: ModelFacts;
  readonly tuner: JobPlugin;
  readonly seed: number;
  readonly wanted: WantedAnswers;
  /** What trains, by name and shape, in the order in which values are sent. */
  readonly parameters: readonly (readonly [name: string, shape: readonly number[]])[];
}

/** A prompt that is answered once. */
export interface SentDraw {
  readonly ids: readonly number[];
  readonly random: RandomState;
}

export interface AnswersRequest {
  readonly run: string;
  readonly draws: readonly SentDraw[];
}

export type SentAnswers = readonly Drawn[];

/** A line of an answer to a request; blank lines before it say that the server is at work. */
export type Reply<T> =
  | { readonly result: T }
  | { readonly error: SentError }
  /** The server knows nothing of the run: it was started anew. */
  | { readonly forgotten: true };

/** A `SwiftError` of the other side. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cure: readonly string[];
  readonly exitCode: 1 | 2;
}
