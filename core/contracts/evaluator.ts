import type { StandardRow } from './row.js';

/** A benchmark: the prompts it asks and how an answer is scored. A contract for plugins to come: no command calls it yet. */
export interface Evaluator {
  /** One question as a conversation without its answer. */
  prompt(row: Readonly<Record<string, unknown>>): StandardRow;
  /** Score in [0, 1] of an answer. */
  score(answer: string, row: Readonly<Record<string, unknown>>): number;
}

export interface EvaluatorMeta {
  readonly id: string;
  readonly summary: string;
  readonly hf?: string;
  readonly ms?: string;
}
