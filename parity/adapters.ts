/** Distances between this project's LoRA and PEFT's, on the committed adapters. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../core/contracts/backend.js';
import type { Tuner } from '../core/contracts/tuner.js';
import type { CausalLM } from '../core/nn/index.js';
import { readAdapter } from '../core/adapter/adapter-files.js';
import { optimizedBy } from '../core/train/optimized.js';
import { runLoop } from '../core/train/loop.js';
import type { TrainOptions } from '../core/train/options.js';
import { fixture, loadCase, parityCase, plugins, readJson, readTensors, type ParityCase } from './cases.js';
import { batchOf, gradientsOf, logitsOf, samplesOf, supervisedCount } from './compute.js';
import { gradientDistance, largestDifference, withoutPrefix } from './measure.js';

/** `oracle.json` of an adapter that PEFT made. */
export interface AdapterOracle {
  readonly base: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly loss: number;
  readonly optimizer: {
    readonly lr: number;
    readonly betas: readonly [number, number];
    readonly eps: number;
    readonly weight_decay: number;
    readonly max_grad_norm: number;
  };
  /** Loss and gradient norm of each optimizer step, before it. */
  readonly losses: readonly number[];
  readonly gradient_norms: readonly number[];
}

export interface AdapterCase {
  readonly id: string;
  readonly folder: string;
  readonly base: ParityCase;
  readonly oracle: AdapterOracle;
}

export function adapterCases(): AdapterCase[] {
  return readdirSync(fixture('peft'))
    .sort()
    .map((id) => {
      const folder = fixture('peft', id);
      const oracle = readJson<AdapterOracle>(join(folder, 'oracle.json'));
      return { id, folder, oracle, base: parityCase(oracle.base) };
    });
}

/** What an adapter's distances may be, at most. */
export const ADAPTER_TOLERANCE = {
  logits: 1e-4,
  merged: 1e-4,
  loss: 1e-5,
  gradients: 1e-4,
  steps: 1e-5,
} as const;

export interface AdapterDistances {
  /** Logits of base + adapter, largest absolute difference. */
  readonly logits: number;
  /** The same of the merged model. */
  readonly merged: number;
  readonly loss: number;
  /** Trained parameters' gradients, relative to the largest value of each tensor. */
  readonly gradients: number;
  /** Trained parameters, losses and gradient norms of three optimizer steps, relative to the largest value. */
  readonly steps: number;
}

/** Loads the adapter onto its freshly loaded base model. */
export async function withAdapter(adapter: AdapterCase): Promise<{ model: CausalLM; tuner: Tuner }> {
  const { model } = await loadCase(adapter.base);
  const tuner = (await plugins().resolve('tuner', 'lora')).instance;
  await tuner.load!(model, await readAdapter(adapter.folder));
  return { model, tuner };
}

export async function measureAdapter(adapter: AdapterCase, backend: Backend): Promise<AdapterDistances> {
  const expected = await readTensors(join(adapter.folder, 'oracle.safetensors'));
  const samples = samplesOf(adapter.base.oracle);
  const batch = batchOf(samples);
  const { model, tuner } = await withAdapter(adapter);
  const logits = await logitsOf(model, backend, batch);
  const supervised = supervisedCount(samples);
  const { loss, gradients } = await gradientsOf(model, backend, {
    batches: [batch],
    supervised,
    residuals: 'save',
  });
  tuner.merge!(model);
  const merged = await logitsOf(model, backend, batch);
  return {
    logits: largestDifference(logits, expected.get('logits')!),
    merged: largestDifference(merged, expected.get('merged_logits')!),
    loss: Math.abs(loss - adapter.oracle.loss),
    gradients: gradientDistance(gradients, withoutPrefix(expected)),
    steps: await stepsDistance(adapter, backend),
  };
}

/** Trains for as many steps as the oracle did, through the train loop. */
async function stepsDistance(adapter: AdapterCase, backend: Backend): Promise<number> {
  const { losses, gradient_norms, optimizer } = adapter.oracle;
  const expected = withoutPrefix(await readTensors(join(adapter.folder, 'oracle.safetensors')), 'after.');
  const { model } = await withAdapter(adapter);
  const samples = samplesOf(adapter.base.oracle).map(({ input_ids, labels }) => ({
    input_ids: [...input_ids],
    labels: [...labels],
  }));
  const services = plugins();
  const seen: { loss: number; norm: number }[] = [];
  await runLoop({
    model,
    backend,
    trainer: optimizedBy((await services.resolve('trainer', 'sft')).instance, {}),
    optimizer: (await services.resolve('optimizer', 'adamw_torch')).instance,
    options: trainOptions(losses.length, optimizer),
    data: { samples },
    validation: [],
    padTokenId: 0,
    observers: [{ onStep: ({ loss, gradientNorm: norm }) => void seen.push({ loss, norm }) }],
    save: () => Promise.resolve(),
  });
  const after = new Map<string, Float32Array>();
  for (const [name, { data, trainable }] of model.namedParameters()) if (trainable) after.set(name, data!);
  const scalars = seen.map(({ loss, norm }, i) =>
    Math.max(Math.abs(loss / losses[i] - 1), Math.abs(norm / gradient_norms[i] - 1)),
  );
  return Math.max(gradientDistance(after, expected), ...scalars);
}

/** Options of a run that takes the oracle's steps. */
export function trainOptions(steps: number, optimizer: AdapterOracle['optimizer']): TrainOptions {
  return {
    seed: 1,
    batch_size: 2,
    gradient_accumulation_steps: 1,
    num_train_epochs: 1,
    max_steps: steps,
    learning_rate: optimizer.lr,
    optimizer_options: {
      adam_beta1: optimizer.betas[0],
      adam_beta2: optimizer.betas[1],
      adam_epsilon: optimizer.eps,
      weight_decay: optimizer.weight_decay,
    },
    max_grad_norm: optimizer.max_grad_norm,
    lr_scheduler_type: 'constant',
    warmup_ratio: 0,
    warmup_steps: 0,
    logging_steps: 1,
    eval_strategy: 'no',
    eval_steps: 1,
    save_strategy: 'no',
    save_steps: 1,
    save_only_model: true,
    metric_for_best_model: 'loss',
    greater_is_better: false,
    early_stop_interval: 0,
    neftune_noise_alpha: 0,
    residuals: 'save',
    compute_precision: 'fp32',
    memory_report: false,
    router_aux_loss_coef: 0,
  };
}
