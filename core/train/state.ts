import type { Sample } from '../contracts/template.js';
import type { StreamCursor } from '../data/stream-plan.js';

/** Where a run stands: `trainer_state.json`. With weights and optimizer state, all that resuming needs. */
export interface TrainerState {
  /** Optimizer steps done. */
  global_step: number;
  max_steps: number;
  /** Epochs done, fractional. */
  epoch: number;
  /** Best measure of an evaluation so far, and the checkpoint that has it. */
  best_metric?: number;
  best_step?: number;
  /** Evaluations since the best one. */
  evaluations_without_gain: number;
  /** Where the data stand, when they are a stream. */
  data_cursor?: StreamCursor;
  /** Answers that are learned from again by the steps that follow. */
  rollout?: HeldRollout;
  log_history: LogEntry[];
  /** Steps since the last log. */
  log_interval?: LogInterval;
}

/** Sums over steps that are logged together. */
export interface LogInterval {
  readonly steps: number;
  readonly loss: number;
  /** As of a step's report; absent where the objective has measures of its own. */
  readonly correct?: number;
  readonly supervised: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly metrics: Readonly<Record<string, { readonly sum: number; readonly steps: number }>>;
}

/** Answers that a model gave, as samples. */
export interface HeldRollout {
  readonly samples: readonly Sample[];
  /** What is logged of them. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** One row of `logging.jsonl`; names as SWIFT 2.4 has them. */
export interface LogEntry {
  readonly [key: string]: number | string;
}

export function freshState(maxSteps: number): TrainerState {
  return { global_step: 0, max_steps: maxSteps, epoch: 0, evaluations_without_gain: 0, log_history: [] };
}
