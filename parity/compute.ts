/** What a model computes, in the terms of the oracle: whole logits, loss and gradients, greedy ids. */
import { tmpdir } from 'node:os';
import type { Backend } from '../core/contracts/backend.js';
import { collate } from '../core/data/collate.js';
import { reshape, sizeOf, type ResidualPolicy } from '../core/graph/index.js';
import type { CausalLM, ComputePrecision } from '../core/nn/index.js';
import type { Batch } from '../core/contracts/batch.js';
import { Activations } from '../core/runtime/activations.js';
import { BufferPool } from '../core/runtime/buffers.js';
import { BatchInputs } from '../core/runtime/batch-inputs.js';
import { ScratchFile } from '../core/io/scratch-file.js';
import { Executables } from '../core/runtime/executables.js';
import { Together } from './together.js';
import { hostParts } from '../core/runtime/host-parts.js';
import { compileForward } from '../core/runtime/segment.js';
import { planEvaluation } from '../core/runtime/stage-plan.js';
import { StageWalk } from '../core/runtime/stage-walk.js';
import { TrainEngine } from '../core/runtime/train-engine.js';
import { asTuned } from '../core/runtime/version.js';
import { WeightStream } from '../core/runtime/weight-stream.js';

export interface Sample {
  readonly input_ids: readonly number[];
  readonly labels: readonly number[];
}

/** One row per sample, all of one length, as the oracle has them. */
export function batchOf(samples: readonly Sample[]): Batch {
  const seq = Math.max(...samples.map(({ input_ids }) => input_ids.length));
  return collate(
    samples.map(({ input_ids, labels }) => [{ input_ids: [...input_ids], labels: [...labels] }]),
    { seq, pad_token_id: 0 },
  );
}

/** Rows of several samples each. */
export function packedBatchOf(rows: readonly (readonly Sample[])[]): Batch {
  const lengths = rows.map((row) => row.reduce((sum, { input_ids }) => sum + input_ids.length, 0));
  return collate(
    rows.map((row) =>
      row.map(({ input_ids, labels }) => ({ input_ids: [...input_ids], labels: [...labels] })),
    ),
    { seq: Math.max(...lengths), pad_token_id: 0 },
  );
}

export function samplesOf(oracle: {
  readonly input_ids: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
}): Sample[] {
  return oracle.input_ids.map((input_ids, i) => ({ input_ids, labels: oracle.labels[i] }));
}

/** Positions whose prediction counts. */
export function supervisedCount(samples: readonly Sample[]): number {
  return samples.reduce((sum, { labels }) => sum + labels.slice(1).filter((id) => id >= 0).length, 0);
}

/** Logits [B·T·V] of every position, without a cache. */
export async function logitsOf(model: CausalLM, backend: Backend, batch: Batch): Promise<Float32Array> {
  const executables = new Executables(backend);
  const weights = new WeightStream();
  const buffers = new BufferPool();
  const walk = new StageWalk(buffers, weights, new Activations(buffers));
  const given = new BatchInputs(model).of(batch);
  try {
    const stages = await planEvaluation(model.stages(batch), given, executables, {
      version: asTuned(model),
    });
    const hidden = (await walk.evaluate(stages, given)).get('hidden')!;
    const rows = sizeOf(hidden.shape) / model.shape.hidden_size;
    const head = await compileForward(
      (scope, [x]) => [model.logits(scope, reshape(x, [rows, model.shape.hidden_size]))],
      [hidden],
      executables,
      { version: asTuned(model) },
    );
    const [logits] = await head.run.run([hidden, ...hostParts(head.parameters)]);
    return logits.data as Float32Array;
  } finally {
    await executables.release();
  }
}

export interface LossAndGradients {
  /** Mean over the supervised tokens. */
  readonly loss: number;
  /** The mean loss's gradient of every trainable parameter, by state-dict name. */
  readonly gradients: Map<string, Float32Array>;
}

/** Loss and gradients of several micro-batches that make up one step. */
export async function gradientsOf(
  model: CausalLM,
  backend: Backend,
  { batches, supervised, ...options }: StepOptions,
): Promise<LossAndGradients> {
  const scratch = options.residuals === 'offload' ? await ScratchFile.open(tmpdir()) : undefined;
  const engine = new TrainEngine(backend, model, { ...options, scratch });
  try {
    let loss = 0;
    for (const batch of batches) {
      loss += (await engine.accumulate(batch, 1 / supervised, () => 0.5)).loss / supervised;
    }
    const gradients = new Map<string, Float32Array>();
    for (const [name, parameter] of model.namedParameters()) {
      const gradient = engine.gradients.get(parameter);
      if (gradient) gradients.set(name, gradient);
    }
    return { loss, gradients };
  } finally {
    await engine.release();
    await scratch?.close();
  }
}

export interface StepOptions {
  readonly batches: readonly Batch[];
  /** Supervised tokens of all batches together. */
  readonly supervised: number;
  readonly residuals: ResidualPolicy;
  readonly precision?: ComputePrecision;
  readonly router_aux_loss_coef?: number;
}

/** Greedy continuations of several prompts at once, `count` ids each. */
export async function greedyIds(
  model: CausalLM,
  backend: Backend,
  prompts: readonly (readonly number[])[],
  count: number,
): Promise<number[][]> {
  const engine = new Together(backend, model);
  try {
    const { vocab_size: vocab } = model.shape;
    const ids: number[][] = prompts.map(() => []);
    let logits = await engine.start(prompts);
    for (let step = 0; ; step++) {
      const picked = prompts.map((_, row) => indexOfLargest(logits.subarray(row * vocab, (row + 1) * vocab)));
      picked.forEach((id, row) => ids[row].push(id));
      if (step + 1 === count) return ids;
      logits = await engine.next(picked);
    }
  } finally {
    await engine.release();
  }
}

/** Logits [T·V] of a sequence as the cache computes them: the first `prompt` ids at once, the others one by one. */
export async function cachedLogits(
  model: CausalLM,
  backend: Backend,
  { ids, prompt }: { readonly ids: readonly number[]; readonly prompt: number },
): Promise<Float32Array[]> {
  const engine = new Together(backend, model);
  try {
    const rows = [(await engine.start([ids.slice(0, prompt)])).slice()];
    for (const id of ids.slice(prompt)) rows.push((await engine.next([id])).slice());
    return rows;
  } finally {
    await engine.release();
  }
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
