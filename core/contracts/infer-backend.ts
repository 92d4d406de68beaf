/** What answers: a model loaded here, or a server. Those who ask (evaluators first) know no more of it than this. */
import type { FoundObjects } from './grounding.js';
import type { MediaLists } from './media.js';
import type { Message, ToolCall } from './row.js';

/** A conversation, which the model's own chat template renders, or a text to go on with. */
export type Prompt = string | readonly Message[];

export interface SamplingOptions {
  readonly do_sample: boolean;
  readonly temperature: number;
  /** Largest number of candidates; undefined keeps all. */
  readonly top_k?: number;
  /** Candidates up to this total probability; 1 keeps all. */
  readonly top_p: number;
  /** Divides positive logits of tokens already there, multiplies negative ones (Keskar et al., 2019); 1 is off. */
  readonly repetition_penalty: number;
}

/** A prompt with what belongs to it alone. Media are in the order of their tags in the messages. */
export interface PromptRequest extends MediaLists {
  readonly prompt: Prompt;
  /** System prompt of a conversation that brings none; the empty string means none, absent is as the backend has it. */
  readonly system?: string;
  /** Tools that the answer may call, as OpenAI defines them. Its calls are then told apart from its text. */
  readonly tools?: readonly unknown[];
  /** Where paths of media begin. */
  readonly folder?: string;
  /** The adapters that answer, and how much each counts; those that are active when absent. */
  readonly adapters?: ReadonlyMap<string, number>;
  /** How its tokens are drawn, where that is not as the backend draws. */
  readonly sampling?: Partial<SamplingOptions>;
  /** What its tokens are drawn by; its number among all that was asked when absent. */
  readonly seed?: number;
  /** Instead of that of all. */
  readonly max_new_tokens?: number;
  /** Beside those of all. */
  readonly stop?: readonly string[];
  /** Ends this answer early; others go on. */
  readonly signal?: AbortSignal;
}

/** What is asked: a prompt, alone or with what belongs to it. */
export type Asked = Prompt | PromptRequest;

/** Of all requests of a call. */
export interface GenerateSettings {
  readonly max_new_tokens: number;
  /** Texts that end an answer; they are not part of it. */
  readonly stop: readonly string[];
  /**
   * What becomes of a prompt that is too long: its left end is cut off, so that the longest answer fits behind it
   * (default); or it is refused. Servers decide for themselves.
   */
  readonly too_long?: 'cut' | 'refuse';
}

export interface Generated {
  readonly text: string;
  /** Generated ids, the stop token included; a server does not tell. */
  readonly ids?: readonly number[];
  /** How many these are, where a server tells. */
  readonly tokens?: number;
  /** What was thought before, where a server tells it apart. */
  readonly reasoning_content?: string;
  /** Calls of tools that were read out of the text; absent where there are none. */
  readonly tool_calls?: readonly ToolCall[];
  /** Things that the text speaks of in the model's way, and their places in the first image; absent where it speaks of none. */
  readonly objects?: FoundObjects;
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

/** Who also hears of answers while they grow. */
export interface TextHearer extends Hearer<Generated> {
  /** Gets pieces of text that are safe to print as they come; a stop word is never among them. */
  onText?(request: number, text: string): void;
}

/**
 * Asked for any number of answers at any time: so many are written side by side as it has room for, the others wait. An answer
 * is the one that the request gets alone.
 */
export interface InferBackend {
  /** Whether it knows turns; one that does not is given texts. */
  readonly isChat: boolean;
  /** @throws SwiftError also for what is asked and cannot be done here, by name; what else the call asks for ends then */
  generate(requests: readonly Asked[], settings: GenerateSettings, hearer: TextHearer): Promise<void>;
  /** @throws SwiftError UNSUPPORTED_ARGUMENT by a server that does not tell log-likelihoods of what it is given */
  logLikelihoods(requests: readonly LikelihoodRequest[], hearer: Hearer<Likelihood>): Promise<void>;
  release(): Promise<void>;
}
