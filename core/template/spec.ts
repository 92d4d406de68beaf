import type { RelevanceWords, Thinking } from '../contracts/template.js';

/**
 * A chat format as data, in the grammar of SWIFT 2.4 (swift/llm/utils/template.py): a field is a list; a string
 * is text that may hold {{SYSTEM}}, {{QUERY}}, {{RESPONSE}}, {{ROUND0}} (turn number from 0) or {{ROUND1}} (from 1);
 * a nested list holds token ids or names of tokenizer attributes such as `bos_token_id`.
 */
export type SpecPiece = string | readonly (number | string)[];

export interface TemplateSpec {
  /** Start of a conversation without a system prompt. */
  readonly prefix: readonly SpecPiece[];
  /** Start of a conversation with one; null when the format cannot say a system prompt. */
  readonly system_prefix: readonly SpecPiece[] | null;
  /** One user turn up to where the answer begins. A piece with {{SYSTEM}} stands in one turn only. */
  readonly prompt: readonly SpecPiece[];
  /** Which turn a piece of the prompt with {{SYSTEM}} stands in; the first when absent. */
  readonly system_turn?: 'last';
  /** Between an answer and the next user turn; null when the format has one turn only. */
  readonly chat_sep: readonly SpecPiece[] | null;
  /** After the last answer. Its last piece is the stop token or stop text. */
  readonly suffix: readonly SpecPiece[];
  /** The answer itself, supervised as a whole; `['{{RESPONSE}}']` when absent. */
  readonly response?: readonly SpecPiece[];
  /** System prompt of rows that bring none. */
  readonly default_system?: string | null;
  /** BOS goes in front if the checkpoint's own tokenizer puts one in front of any text. */
  readonly auto_add_bos?: boolean;
  /** Further texts that end generation. */
  readonly stop_words?: readonly string[];
  /** What a generation prompt ends with, and no training sample gets: `<think>\n` of models that always think. */
  readonly generation_prefix?: string;
  /** What becomes of thoughts where `--thinking` does not say; answers stay as they are when absent. */
  readonly thinking?: Exclude<Thinking, 'keep'>;
  /** What stands before an earlier answer, whose thoughts were taken out; nothing when absent. */
  readonly history_thinking?: string;
  /** What an answer that did not think begins with where that is said; `<think>\n\n</think>\n\n` when absent. */
  readonly empty_thinking?: string;
  /** Earlier answers keep their thoughts, and have empty ones where the last would. */
  readonly keeps_thinking?: boolean;
  /** A thought that a row holds apart from its answer, {{THOUGHT}}; `<think>\n{{THOUGHT}}\n</think>\n\n` when absent. */
  readonly thought?: string;
  /** Conversations that are read, and end with a question, end as answered ones do. */
  readonly whole_questions?: boolean;
  /** How it asks whether a document fits a query, where not in the words of Qwen3-Reranker. */
  readonly relevance?: RelevanceWords;
  /** What stands behind each step of an answer; a conversation without it gets it at its end. */
  readonly step_mark?: string;
  /** Content loses surrounding white space, as `| trim` does in the vendor's Jinja template. */
  readonly trim?: boolean;
}
