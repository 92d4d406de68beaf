import { COMPUTE_PRECISIONS } from '../nn/compute-precision.js';
import { LR_SCHEDULERS } from '../train/schedule.js';
import { INTERVAL_STRATEGIES } from '../train/options.js';
import {
  bool,
  choice,
  float,
  int,
  optionalBool,
  optionalFloat,
  optionalInt,
  optionalString,
  string,
  choices,
} from './argument.js';

/** Which way the model is tuned, and what carries that out; what tuners and engines take they declare themselves. */
export const tuningArguments = {
  engine: string({
    default: 'local',
    help: 'what carries out the job; see swift list engines',
    chooses: 'engine',
  }),
  sft_type: string({
    default: 'lora',
    help: 'tuning method; see swift list tuners',
    aliases: ['tuner_type', 'train_type'],
    chooses: 'tuner',
  }),
} as const;

/** How long, how fast, and what is written on the way. */
export const trainingArguments = {
  output_dir: string({ default: 'output', help: 'folder of runs' }),
  add_output_dir_suffix: bool({
    default: true,
    help: 'put each run in its own <model>/v<N>-<time> below output_dir',
    aliases: ['add_version'],
  }),
  batch_size: int({
    default: 1,
    min: 1,
    help: 'samples per batch',
    aliases: ['per_device_train_batch_size'],
  }),
  gradient_accumulation_steps: optionalInt({
    help: 'batches per optimizer step',
    derived: 'so that a step sees 16 samples',
    min: 1,
  }),
  num_train_epochs: int({ default: 1, min: 1, help: 'passes over the data' }),
  max_steps: int({ default: -1, min: -1, help: 'optimizer steps; above 0 it overrides epochs' }),
  optim: string({
    default: 'adamw_torch',
    help: 'optimizer; see swift list optimizers',
    chooses: 'optimizer',
  }),
  learning_rate: optionalFloat({
    help: 'peak learning rate',
    derived: '1e-4 for adapters, 1e-5 for full',
    min: 0,
    above: true,
  }),
  lr_scheduler_type: choice(LR_SCHEDULERS, { default: 'cosine', help: 'how the learning rate falls' }),
  warmup_ratio: float({
    default: 0.05,
    min: 0,
    max: 1,
    help: 'share of the steps over which the rate rises',
  }),
  warmup_steps: int({
    default: 0,
    min: 0,
    help: 'steps over which the rate rises; above 0 it overrides the ratio',
  }),
  max_grad_norm: float({ default: 1, min: 0, help: 'largest gradient norm; 0 turns clipping off' }),
  neftune_noise_alpha: optionalFloat({
    help: 'strength of the noise on embeddings in training (NEFTune), e.g. 5',
    derived: 'none',
    min: 0,
    above: true,
  }),
  gradient_checkpointing: bool({
    default: false,
    help: 'recompute activations in backward: about 0.6x the memory, 1.3x the time',
  }),
  offload_activations: bool({
    default: false,
    help: 'park activations on disk until backward, instead of recomputing them',
  }),
  offload_weights: bool({
    default: false,
    help: 'keep the frozen weights of the blocks on disk and read each block when its turn comes',
  }),
  router_aux_loss_coef: float({
    default: 0,
    min: 0,
    help: 'weight of the loss that keeps experts equally busy; 0 leaves it out',
  }),
  memory_report: bool({
    default: false,
    help: 'say who holds how much memory, after the first step and at the end',
  }),
  compute_precision: choice(COMPUTE_PRECISIONS, {
    default: 'fp32',
    help: 'arithmetic of products with frozen weights; int8 rounds activations to 8 bits and needs --quant_bits 8',
  }),
  logging_steps: int({ default: 5, min: 1, help: 'steps between log entries' }),
  evaluation_strategy: choice(INTERVAL_STRATEGIES, {
    default: 'steps',
    help: 'when to evaluate',
    aliases: ['eval_strategy'],
  }),
  eval_steps: optionalInt({
    help: 'steps between evaluations',
    derived: '50 for adapters, 200 for full, 500 for pt',
    min: 1,
  }),
  save_strategy: choice(INTERVAL_STRATEGIES, {
    default: 'steps',
    help: 'when to save; no saves at the end only',
  }),
  save_steps: optionalInt({ help: 'steps between checkpoints', derived: 'eval_steps', min: 1 }),
  save_total_limit: optionalInt({ help: 'checkpoints to keep, the best among them', derived: '2', min: 1 }),
  save_only_model: bool({ default: false, help: 'leave optimizer and trainer state out of checkpoints' }),
  metric_for_best_model: optionalString({
    help: 'measure of the evaluation by which a checkpoint is the best',
    derived: 'loss; reward where answers are rewarded, rouge-l with predict_with_generate',
  }),
  greater_is_better: optionalBool({
    help: 'whether a greater one is better',
    derived: 'true for all but losses',
  }),
  early_stop_interval: int({
    default: 0,
    min: 0,
    help: 'stop after so many evaluations without a better metric_for_best_model; 0 never',
  }),
  resume_from_checkpoint: optionalString({ help: 'checkpoint folder to go on from' }),
  resume_only_model: bool({
    default: false,
    help: 'take only the weights of that checkpoint and start at step 0',
  }),
  ignore_resume_mismatch: bool({
    default: false,
    help: 'go on from a checkpoint though arguments, data, base model or its files differ from what they were',
  }),
  report_to: choices(['tensorboard', 'none'], {
    default: ['tensorboard'],
    help: 'loggers beside logging.jsonl: tensorboard, or none',
  }),
  disable_tqdm: bool({ default: false, help: 'plain progress lines instead of a bar' }),
} as const;
