/** What answers: a model loaded here, or a server. Those who ask (evaluators first) know no more of it than this. */
import type { Message } from './row.js';

/** A conversation, which the model's own chat template renders, or a text to go on with. */
export type Prompt = string | readonly Message[];

export interface GenerateSettings {
  readonly max_new_tokens: number;
  /** Texts that end an answer; they are not part of it. */
  readonly stop: readonly string[];
}

export interface Generated {
  readonly text: string;
  readonly finish_reason: 'stop' | 'length' | 'abort';
  /** Tokens that were cut off the prompt's left, since it was too long. */
  readonly cut: number;
}

export interface LikelihoodRequest {
  /** Text before; blanks at its end count as the continuation's. */
  readonly context: string;
  readonly continuation: string;
}

/** Of a continuation after its context. */
export interface Likelihood {
  /** Sum of its tokens' log-probabilities, in nats. */
  readonly logp: number;
  /** Whether each of its tokens is the likeliest one. */
  readonly is_greedy: boolean;
  /** Tokens that were cut off the context's left, since both together were too long. */
  readonly cut: number;
}

/** How answers come back: as they are there, in any order, each with the number of its request. */
export interface Hearer<T> {
  onDone(request: number, result: T): void;
  /** Ends the work early: what is being computed is finished, or given as it is; the rest is never told. */
  readonly signal?: AbortSignal;
}

export interface InferBackend {
  /** Whether it knows turns; one that does not is given texts. */
  readonly isChat: boolean;
  /** @throws SwiftError */
  generate(prompts: readonly Prompt[], settings: GenerateSettings, hearer: Hearer<Generated>): Promise<void>;
  /** @throws SwiftError UNSUPPORTED_ARGUMENT by a server that does not tell log-likelihoods of what it is given */
  logLikelihoods(requests: readonly LikelihoodRequest[], hearer: Hearer<Likelihood>): Promise<void>;
  release(): Promise<void>;
}
