/** What an answer is worth. */
import type { AskedRow } from './row.js';
import type { PluginMeta, PluginOptions } from './plugin-meta.js';

/** An answer that is judged. */
export interface JudgedAnswer {
  readonly asked: AskedRow;
  /** Without stop token and stop words. */
  readonly text: string;
  /** Tokens of it, the stop token included. */
  readonly tokens: number;
  /** Whether it ended by itself: not at `max_tokens`. */
  readonly is_whole: boolean;
  readonly max_tokens: number;
}

/** Judges answers while a model trains. `Options` are the values of the arguments that its decorator declares. */
export interface Reward<Options = PluginOptions> {
  /**
   * One number for each answer, in their order; null where it says nothing of one.
   * @throws SwiftError BAD_ROW for a row without what it compares with
   */
  score(
    answers: readonly JudgedAnswer[],
    options: Options,
  ): readonly (number | null)[] | Promise<readonly (number | null)[]>;
}

export type RewardMeta = PluginMeta;
