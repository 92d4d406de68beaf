/** Distances between this project and the oracle. The parity tests assert on them; docs/PARITY.md shows them. */
import { join } from 'node:path';
import type { Backend } from '../core/contracts/backend.js';
import type { ResidualPolicy } from '../core/graph/index.js';
import type { CausalLM } from '../core/nn/index.js';
import { loadCase, readTensors, type ParityCase, type Tensors } from './cases.js';
import {
  batchOf,
  gradientsOf,
  greedyIds,
  logitsOf,
  packedBatchOf,
  samplesOf,
  supervisedCount,
  type LossAndGradients,
  type Sample,
} from './compute.js';

/** What a distance may be, at most. */
export const TOLERANCE = { logits: 1e-4, loss: 1e-5, gradients: 1e-4 } as const;

export interface Distances {
  /** Largest difference, relative to the largest logit where that is above 1. */
  readonly logits: number;
  /**
   * The same with the first sample cut short and padded on the right, and, where samples may share a row, with other
   * tokens on the left of each sample.
   */
  readonly padded: number;
  /** Absolute difference. */
  readonly loss: number;
  /** Largest absolute difference in a tensor over the largest value of that tensor, the worst tensor. */
  readonly gradients: number;
  /** Greedy ids that equal the oracle's before the first that does not. */
  readonly generated: number;
  /** Greedy ids compared. */
  readonly asked: number;
}

/** Loads a case and compares all that it computes with what the oracle computed. */
export async function measureCase(
  parity: ParityCase,
  backend: Backend,
  residuals: ResidualPolicy = 'save',
): Promise<Distances> {
  const { folder, oracle } = parity;
  const { model } = await loadCase(parity);
  const expected = await readTensors(join(folder, 'oracle.safetensors'));
  const samples = samplesOf(oracle);
  const logits = await logitsOf(model, backend, batchOf(samples));
  const padded = await paddedDistance(model, backend, samples, expected.get('logits')!);
  const scale = expected.get('logits')!.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const { loss, gradients } = await fullGradients(model, backend, parity, residuals);
  const asked = oracle.generated.length;
  const [ids] = await greedyIds(model, backend, [oracle.prompt], asked);
  const firstOther = ids.findIndex((id, i) => id !== oracle.generated[i]);
  return {
    logits: largestDifference(logits, expected.get('logits')!) / scale,
    padded: padded / scale,
    loss: Math.abs(loss - oracle.loss),
    gradients: gradientDistance(gradients, withoutPrefix(expected)),
    generated: firstOther < 0 ? asked : firstOther,
    asked,
  };
}

/** How far logits move when rows are padded on the right, or begin with other samples. */
async function paddedDistance(
  model: CausalLM,
  backend: Backend,
  samples: readonly Sample[],
  expected: Float32Array,
): Promise<number> {
  const { vocab_size: vocab } = model.shape;
  const length = samples[0].input_ids.length;
  const rowOf = (logits: Float32Array, start: number, count: number): Float32Array =>
    logits.subarray(start * vocab, (start + count) * vocab);
  const [first, second] = samples;
  const cut = Math.floor(length / 3);
  const short = { input_ids: first.input_ids.slice(0, cut), labels: first.labels.slice(0, cut) };
  const right = await logitsOf(model, backend, batchOf([short, second]));
  const distances = [
    largestDifference(rowOf(right, 0, cut), rowOf(expected, 0, cut)),
    largestDifference(rowOf(right, length, length), rowOf(expected, length, length)),
  ];
  if (model.packs) {
    const left = await logitsOf(model, backend, packedBatchOf([[short, second]]));
    distances.push(largestDifference(rowOf(left, cut, length), rowOf(expected, length, length)));
  }
  return Math.max(...distances);
}

/** Loss and gradients with every parameter trained. */
export function fullGradients(
  model: CausalLM,
  backend: Backend,
  { oracle }: ParityCase,
  residuals: ResidualPolicy,
): Promise<LossAndGradients> {
  for (const [, parameter] of model.namedParameters()) parameter.trainable = true;
  const samples = samplesOf(oracle);
  const supervised = supervisedCount(samples);
  return gradientsOf(model, backend, {
    batches: [batchOf(samples)],
    supervised,
    residuals,
    router_aux_loss_coef: oracle.router_aux_loss_coef,
  });
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    // A comparison with NaN is false: it must not pass for a small difference.
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** The worst tensor's largest difference relative to its largest value; infinite where the oracle's tensors are missing. */
export function gradientDistance(ours: Tensors, expected: Tensors): number {
  if (expected.size < 3 || ![...expected.keys()].every((name) => ours.has(name))) return Infinity;
  let worst = 0;
  for (const [name, values] of expected) {
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
    worst = Math.max(worst, largestDifference(ours.get(name)!, values) / scale);
  }
  return worst;
}

/** Gradients of an oracle file, by state-dict name. */
export function withoutPrefix(tensors: Tensors, prefix = 'grad.'): Tensors {
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, values]) => [name.slice(prefix.length), values]),
  );
}
