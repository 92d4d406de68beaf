import type { Calibration } from './calibrate.js';
import type { MemoryEntry } from '../runtime/memory-report.js';
import type { JudgedDraw } from './rollout-passes.js';
import type { TrainerState } from './state.js';

export interface StartReport {
  readonly state: TrainerState;
  /** Undefined for data that are read as training goes, as is the next. */
  readonly stepsPerEpoch?: number;
  /** Samples, or packed rows. */
  readonly rows?: number;
  /** Trained values. */
  readonly trainable: number;
}

export interface StepReport {
  readonly state: TrainerState;
  /** What is optimized: mean cross entropy of the step's supervised tokens in nats, or the trainer's own objective. */
  readonly loss: number;
  /** Supervised tokens whose label had the largest logit; absent where the objective has measures of its own. */
  readonly correct?: number;
  /** Those measures, means over the step. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly supervised: number;
  /** All tokens of the step, prompts included, padding not. */
  readonly tokens: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly seconds: number;
}

export interface EvaluationReport {
  readonly state: TrainerState;
  readonly loss: number;
  /** Share of supervised tokens whose label had the largest logit; absent where the objective has measures of its own. */
  readonly accuracy?: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly seconds: number;
}

/** Follows a run: the progress bar, logging.jsonl, TensorBoard, curves. */
export interface RunObserver {
  onStart?(report: StartReport): void | Promise<void>;
  /** 8-bit arithmetic compared with float32, before the first step that uses it. */
  onCalibrate?(report: Calibration): void;
  /** How many samples the reference model was asked of, when it is asked of all before training. */
  onReference?(report: { readonly done: number; readonly samples: number }): void;
  /** Who holds how much memory, after the first step and at the end. */
  onMemory?(entries: readonly MemoryEntry[]): void;
  /** The answers that a step learns from, where the model gives them. */
  onAnswers?(report: { readonly step: number; readonly answers: readonly JudgedDraw[] }): void;
  onStep?(report: StepReport): void | Promise<void>;
  onEvaluate?(report: EvaluationReport): void | Promise<void>;
  onEnd?(state: TrainerState): void | Promise<void>;
}
