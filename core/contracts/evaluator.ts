/** A benchmark: which rows are asked, how a question reads, and what an answer is worth. */
import type { Message, RawRow } from './row.js';

/** One table of questions in an evaluator's repository. */
export interface EvaluatorSet {
  /** Configuration of the repository; its only one when absent. */
  readonly subset?: string;
  /** Split that is asked; `test` when absent. */
  readonly split?: string;
  /** Split that examples are drawn from; `train` when absent. */
  readonly few_shot_split?: string;
}

export interface EvaluatorMeta {
  /** Asks all of its sets. */
  readonly id: string;
  readonly summary: string;
  readonly hf?: string;
  readonly ms?: string;
  /** By id, each of which can be asked alone; the evaluator's own id where there is one set only. */
  readonly sets: Readonly<Record<string, EvaluatorSet>>;
  /** Examples before each question, where `--eval_few_shot` does not say. */
  readonly few_shot: number;
  /** A row in the repository's shape, made up: what the contract's check tries it with. */
  readonly example: RawRow;
}

/** A row as a question. */
export interface EvaluatorQuestion {
  /** Ends where the answer begins, without a blank. */
  readonly prompt: string;
  /** The right answer, as an example shows it after a blank. */
  readonly answer: string;
  /** What a chat model is asked instead of the prompt, where the question is a conversation. */
  readonly messages?: readonly Message[];
}

/** A question whose answer is the likeliest of several texts. */
export interface ChoiceQuestion extends EvaluatorQuestion {
  /** Each comes after the prompt and a blank. */
  readonly choices: readonly string[];
  /** Which of them is right, counted from 0. */
  readonly correct: number;
}

/** What an answer is worth. */
export interface Judgement {
  /** By name, each between 0 and 1; a report gives their means. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What was read off a written answer, by the rule that read it. */
  readonly extracted?: Readonly<Record<string, string>>;
}

/** A benchmark whose answers the model writes. */
export interface WrittenEvaluator {
  readonly answers: 'written';
  /** Texts that end an answer; they are not part of it. */
  readonly stop: readonly string[];
  /** Longest answer in tokens, where `--max_new_tokens` does not say. */
  readonly max_new_tokens: number;
  /** @throws SwiftError BAD_ROW for a row of another shape: `badQuestion` says where */
  question(row: RawRow): EvaluatorQuestion;
  judge(question: EvaluatorQuestion, answer: string): Judgement;
}

/** A benchmark whose answers are chosen by their log-likelihood. */
export interface ChosenEvaluator {
  readonly answers: 'chosen';
  question(row: RawRow): ChoiceQuestion;
  /** @param logLikelihoods of the question's choices, in nats, summed over tokens */
  judge(question: ChoiceQuestion, logLikelihoods: readonly number[]): Judgement;
}

export type Evaluator = WrittenEvaluator | ChosenEvaluator;
