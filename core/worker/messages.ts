/** What the main thread and the engine thread say to each other. Everything here is copied by structured clone. */
import type { TrainCommand } from '../config/commands.js';
import type { TrainResult } from '../contracts/job.js';
import type { FoundObjects } from '../contracts/grounding.js';
import type { MediaKind } from '../contracts/media.js';
import type { Message } from '../contracts/row.js';
import type { ErrorCode } from '../errors.js';
import type { EvalArguments, EvaluateResult } from '../sdk/evaluate.js';
import type { InferArguments } from '../sdk/infer.js';
import type { SampleArguments, SampleResult } from '../sdk/sample.js';
import type { RolloutArguments } from '../sdk/serve-rollouts.js';
import type { TrainArguments } from '../config/command-line.js';
import type { EvaluationReport, StartReport, StepReport } from '../train/observer.js';
import type { LogEntry, TrainerState } from '../train/state.js';

/** What is asked, what is told meanwhile, what comes of it. */
interface Task<Input, Event, Result> {
  readonly input: Input;
  readonly event: Event;
  readonly result: Result;
}

/** Everything the engine thread can be asked for. */
export interface Tasks {
  train: Task<TrainInput, TrainEvent, TrainResult>;
  /** A job from disk, by its engine. */
  runJob: Task<JobInput, TrainEvent, TrainResult>;
  /** The same by this runtime, in the thread at hand. */
  trainHere: Task<JobInput, TrainEvent, TrainResult>;
  evaluate: Task<EvalArguments, ItemEvent, EvaluateResult>;
  sample: Task<SampleArguments, SampledEvent, SampleResult>;
  /** Serves; told where, once. */
  rollout: Task<RolloutArguments, { readonly url: string }, void>;
  /** Loads the model that the next two answer with. */
  openChat: Task<InferArguments, never, OpenedChat>;
  /** Events are pieces of the text. */
  answer: Task<Question, string, WrittenAnswer>;
  answerDatasets: Task<InferArguments, AnswerEvent, { readonly count: number; readonly output: string }>;
}

export type TaskName = keyof Tasks;

export interface TrainInput {
  readonly command: TrainCommand;
  readonly args: TrainArguments;
}

/** Where a job is. */
export interface JobInput {
  readonly path: string;
}

/** States come without their `log_history`, which would grow with every message. */
export type TrainEvent =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'start'; readonly report: StartReport }
  | { readonly kind: 'step'; readonly report: StepReport }
  | { readonly kind: 'evaluate'; readonly report: EvaluationReport }
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  | { readonly kind: 'end'; readonly state: TrainerState };

/** A question of a benchmark was answered. */
export interface ItemEvent {
  readonly dataset: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly done: number;
  readonly total: number;
}

/** A row was answered, and so many answers kept. */
export interface SampledEvent {
  readonly done: number;
  readonly total: number;
  readonly kept: number;
}

export interface OpenedChat {
  readonly system?: string;
  /** A base model continues text and knows no turns. */
  readonly isBase: boolean;
  /** What it takes in beside text. */
  readonly media: readonly MediaKind[];
}

export interface Question {
  readonly messages: readonly Message[];
  readonly system?: string;
}

export interface WrittenAnswer {
  readonly text: string;
  /** Things that it speaks of, in pixels of the first image. */
  readonly objects?: FoundObjects;
  /** A copy of the image with these drawn on it. */
  readonly drawn?: string;
}

export interface AnswerEvent {
  /** The last question. */
  readonly asked: string;
  readonly response: string;
  /** What the dataset says. */
  readonly label?: string;
  /** A copy of the image with what was found drawn on it. */
  readonly drawn?: string;
  readonly done: number;
  readonly total: number;
}

export type ToEngine =
  | { readonly kind: 'call'; readonly id: number; readonly task: TaskName; readonly input: unknown }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'close' };

export type FromEngine =
  | { readonly kind: 'log'; readonly level: 'info' | 'warn'; readonly message: string }
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: Refusal }
  | { readonly kind: 'crash'; readonly id: number; readonly error: Error };

/** A SwiftError; an ordinary copy of an error would lose code and cure. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cure: readonly string[];
  readonly exitCode: 1 | 2;
}
