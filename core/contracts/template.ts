import type { Agent } from './agent.js';
import type { LossScaling } from './loss-scale.js';
import type { AnswerFacts } from './rollouts.js';
import type { AskedRow, Message, RowLabel, StandardRow } from './row.js';
import type { SampleMedia } from './processor.js';
import type { Tokenizer } from './tokenizer.js';

/** Label of a position that is not supervised. */
export const IGNORE_INDEX = -100;

export interface TemplateMeta {
  readonly id: string;
  readonly summary: string;
  /** Further ids of the same format, each with its summary: those of other versions of SWIFT, and of models that took it over. */
  readonly also?: Readonly<Record<string, string>>;
  /** Id of the format that tools are said in: of all its ids, or by id. Absent: tools are refused where none is asked for. */
  readonly agent?: string | Readonly<Record<string, string>>;
}

/**
 * What becomes of a model's thoughts in training data. `keep`: they stay in every answer. `strip`: they leave answers
 * that a later user message follows. `add-empty`: as strip, and a last answer without thoughts gets empty ones.
 */
export type Thinking = 'keep' | 'strip' | 'add-empty';

export type TruncationStrategy = 'delete' | 'left' | 'right';

export interface EncodeOptions {
  /** In tokens, the sample's stop token included. No limit when absent. */
  readonly max_length?: number;
  /**
   * What happens to a longer sample. `delete` (default) drops it; `right` keeps the first max_length tokens; `left`
   * keeps BOS and the system prompt, then the last tokens that fit. A cut that leaves nothing to learn drops the sample.
   */
  readonly truncation_strategy?: TruncationStrategy;
  /** Replaces the template's default system prompt for rows that bring none; the empty string means no system prompt. */
  readonly system?: string;
  /** What the template itself does when absent. */
  readonly thinking?: Thinking;
  /** Tool definitions in OpenAI's shape, for a prompt. A row to encode brings its own. */
  readonly tools?: readonly unknown[];
  /** `all` supervises every token (pre-training); `assistant` (default) only assistant turns and their stop token. */
  readonly supervise?: 'assistant' | 'all';
  /** Which answers are learned, and how much their tokens weigh; all alike when absent. */
  readonly loss_scale?: LossScaling;
}

/** One encoded sample. `labels[i]` is `input_ids[i]` where supervised, else IGNORE_INDEX (unshifted). */
export interface Encoded {
  readonly input_ids: readonly number[];
  readonly labels: readonly number[];
  /** Weight per position, when some supervised token weighs other than 1. */
  readonly loss_scale?: readonly number[];
}

/** Ids in a row. */
export type Ids = readonly number[] | Int32Array;

/** An encoded sample as a dataset of them is held: in `Int32Array`s, which take half of the memory of lists. */
export interface Sample extends Omit<Encoded, 'input_ids' | 'labels'> {
  readonly input_ids: Ids;
  readonly labels: Ids;
  /** Whether its answer is a good one, where its row says so to an objective. */
  readonly label?: RowLabel;
  /** By how much it should be ahead of its partner, where its row says so to an objective. */
  readonly margin?: number;
  /** What kind of row it is of, where its row says so to an objective. */
  readonly channel?: string;
  /** Media whose features stand among its tokens. */
  readonly media?: SampleMedia;
  /** The other sequences of its row, where an objective compares several. */
  readonly partners?: readonly Sample[];
  /** Of a prompt that the model answers as it trains: nothing of it is a label. */
  readonly asked?: AskedRow;
  /** The same row with its own answer, which is supervised; where an objective may learn from that. */
  readonly given?: Sample;
  /** Of an answer that the model gave. */
  readonly answer?: AnswerFacts;
}

export type EncodeResult =
  | { readonly kind: 'sample'; readonly sample: Encoded; readonly truncated: boolean }
  | { readonly kind: 'dropped'; readonly reason: DropReason };

export type DropReason = 'too_long' | 'no_supervised_tokens' | 'empty';

/** A question whether a document fits a query. */
export interface RelevanceWords {
  /** Where a row brings none. */
  readonly instruction: string;
  /** With {{INSTRUCTION}}, {{QUERY}}, {{DOCUMENT}}. */
  readonly text: string;
}

/** Renders conversations for one model line. The same object serves training, inference and export. */
export interface Template {
  /** Ids and labels of a whole conversation, the stop token of each supervised turn included. */
  encode(row: StandardRow, tokenizer: Tokenizer, options?: EncodeOptions): EncodeResult;
  /** Ids of a conversation up to where the assistant's next answer begins. */
  prompt(messages: readonly Message[], tokenizer: Tokenizer, options?: EncodeOptions): number[];
  /** Ids that end generation. */
  stopIds(tokenizer: Tokenizer): number[];
  /** Texts that end generation, for stops that are not one token. */
  readonly stopWords: readonly string[];
  /** Whether a conversation that is read, and ends with a question, ends as an answered one does. */
  readonly wholeQuestions?: boolean;
  /** How it asks whether a document fits a query, where not in the words of Qwen3-Reranker. */
  readonly relevance?: RelevanceWords;
  /** How it says tools, and how calls are read out of answers; whoever resolves a template sets it. */
  agent?: Agent;
}
