import type { PluginOptions } from '../contracts/plugin-meta.js';
import type { ResidualPolicy } from '../graph/index.js';
import type { ComputePrecision } from '../nn/index.js';
import type { LrScheduler } from './schedule.js';

/** What the train loop needs to know, resolved: nothing is left to a default. Names as on the command line. */
export interface TrainOptions {
  readonly seed: number;
  /** Samples per batch. */
  readonly batch_size: number;
  /** Batches per optimizer step. */
  readonly gradient_accumulation_steps: number;
  readonly num_train_epochs: number;
  /** Optimizer steps; overrides epochs when above 0. */
  readonly max_steps: number;
  readonly learning_rate: number;
  /** What the optimizer takes. */
  readonly optimizer_options: PluginOptions;
  readonly lr_scheduler_type: LrScheduler;
  readonly warmup_ratio: number;
  readonly warmup_steps: number;
  /** Largest norm of all gradients together; 0 turns clipping off. */
  readonly max_grad_norm: number;
  readonly logging_steps: number;
  readonly eval_strategy: IntervalStrategy;
  readonly eval_steps: number;
  readonly save_strategy: IntervalStrategy;
  readonly save_steps: number;
  /** Checkpoints kept, the best one among them; undefined keeps all. */
  readonly save_total_limit?: number;
  /** Leave optimizer and trainer state out of checkpoints. */
  readonly save_only_model: boolean;
  /** What the best checkpoint is best by: a measure of the evaluation, without `eval_`. */
  readonly metric_for_best_model: string;
  readonly greater_is_better: boolean;
  /** Evaluations without a better one before the run stops; 0 never stops early. */
  readonly early_stop_interval: number;
  /** Strength of the noise on embeddings; 0 adds none. */
  readonly neftune_noise_alpha: number;
  readonly residuals: ResidualPolicy;
  readonly compute_precision: ComputePrecision;
  /** Weight of the loss that keeps experts equally busy. */
  readonly router_aux_loss_coef: number;
  /** Say who holds how much memory, after the first step and at the end. */
  readonly memory_report: boolean;
}

export const INTERVAL_STRATEGIES = ['no', 'steps', 'epoch'] as const;
export type IntervalStrategy = (typeof INTERVAL_STRATEGIES)[number];
