/** Distances between this project's gradients and PyTorch's, of a whole model in every weight format. */
import type { Backend } from '../core/contracts/backend.js';
import type { ResidualPolicy } from '../core/graph/index.js';
import type { CausalLM, ComputePrecision } from '../core/nn/index.js';
import { fixture, readJson, readTensors, type Tensors } from './cases.js';
import { batchOf, gradientsOf, samplesOf, supervisedCount, type LossAndGradients } from './compute.js';
import { PROOF_FORMATS, type ProofFormat, type ProofHead } from './proof-model.js';

/** `oracle.json`: inputs, and what PyTorch made of them. */
interface ProofOracle {
  readonly versions: Readonly<Record<string, string>>;
  readonly input_ids: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
  /** By `<format>-<head>` for LoRA and `full-<head>`; `values` is the hash of the values it differentiated. */
  readonly cases: Readonly<Record<string, { readonly loss: number; readonly values?: string }>>;
}

export const PROOF = readJson<ProofOracle>(fixture('proof', 'oracle.json'));

/** What keeping activations may not change. */
export const POLICIES: readonly ResidualPolicy[] = ['save', 'recompute', 'offload'];

/** Formats computed in float32; the 8-bit products of int8-w8a8 are held to another measure. */
export const EXACT_FORMATS = (Object.keys(PROOF_FORMATS) as ProofFormat[]).filter((id) => id !== 'int8-w8a8');

/** What a distance may be, at most. */
export const PROOF_TOLERANCE = { loss: 1e-5, gradients: 1e-4 } as const;

/** The least cosine between a parameter's gradient through 8-bit products and PyTorch's. */
export const W8A8_COSINE = 0.95;

export interface ProofDistances {
  /** Relative difference. */
  readonly loss: number;
  /** Euclidean length of the difference over that of PyTorch's gradient, the worst parameter. */
  readonly gradients: number;
  /** The smallest cosine between a gradient and PyTorch's. */
  readonly cosine: number;
}

export interface ProofOptions {
  readonly residuals: ResidualPolicy;
  readonly precision?: ComputePrecision;
}

export function proofGradients(
  model: CausalLM,
  backend: Backend,
  options: ProofOptions,
): Promise<LossAndGradients> {
  const samples = samplesOf(PROOF);
  const supervised = supervisedCount(samples);
  return gradientsOf(model, backend, { batches: [batchOf(samples)], supervised, ...options });
}

/** @param id `<format>-<head>` or `full-<head>`, the case `ours` is of */
export async function proofDistances(
  { loss, gradients }: LossAndGradients,
  id: `${ProofFormat | 'full'}-${ProofHead}`,
): Promise<ProofDistances> {
  const expected = await readTensors(fixture('proof', `${id}.safetensors`));
  const pairs = paired(gradients, expected);
  return {
    loss: Math.abs(loss / PROOF.cases[id].loss - 1),
    gradients: Math.max(...pairs.map(([ours, theirs]) => relativeDifference(ours, theirs))),
    cosine: Math.min(...pairs.map(([ours, theirs]) => cosine(ours, theirs))),
  };
}

/** Length of the difference over that of `expected`. */
export function relativeDifference(ours: Float32Array, expected: Float32Array): number {
  const difference = Float64Array.from(expected, (value, i) => ours[i] - value);
  return Math.sqrt(dot(difference, difference) / dot(expected, expected));
}

function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function paired(ours: Tensors, expected: Tensors): (readonly [Float32Array, Float32Array])[] {
  const names = [...ours.keys()].sort();
  if (names.join() !== [...expected.keys()].sort().join()) throw new Error('other parameters have gradients');
  return names.map((name) => [ours.get(name)!, expected.get(name)!] as const);
}
