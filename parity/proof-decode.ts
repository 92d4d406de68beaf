/** Distances between decoding with stored weights and full-precision logits of the same values. */
import type { Backend } from '../core/contracts/backend.js';
import { SeededRandom } from '../core/data/random.js';
import type { CausalLM } from '../core/nn/index.js';
import { batchOf, cachedLogits, logitsOf } from './compute.js';
import { proofModel, PROOF_CONFIG, widened, type ProofFormat, type ProofHead } from './proof-model.js';
import { relativeDifference } from './proof.js';

const { vocab_size: VOCAB } = PROOF_CONFIG;

/**
 * How far logits may be, relative to their length. Packed int8 and int4 weights are multiplied by activations rounded to
 * 8 bits, which costs each of the fifteen products on the way up to 1 %; everything else is float32.
 */
export const DECODE_TOLERANCE = { float32: 1e-5, packed: 0.08 } as const;

export function decodeTolerance(format: ProofFormat): number {
  return /^int[48]/.test(format) ? DECODE_TOLERANCE.packed : DECODE_TOLERANCE.float32;
}

export function drawnIds(length: number, seed = 0): number[] {
  const random = SeededRandom.seeded(4, seed);
  return Array.from({ length }, () => random.below(VOCAB));
}

/** Logits of every position, one row each, without a cache and with weights widened to float32. */
export async function fullLogits(
  model: CausalLM,
  backend: Backend,
  ids: readonly number[],
): Promise<Float32Array[]> {
  const logits = await logitsOf(widened(model), backend, batchOf([{ input_ids: ids, labels: ids }]));
  return ids.map((_, i) => logits.subarray(i * VOCAB, (i + 1) * VOCAB));
}

/** The farthest of 32 tokens decoded one by one, relative to the logits of the dequantized weights. */
export async function decodeDistance(
  format: ProofFormat,
  head: ProofHead,
  backend: Backend,
): Promise<number> {
  const ids = drawnIds(40);
  const prompt = 8;
  const rows = await cachedLogits(await proofModel(format, head), backend, { ids, prompt });
  const expected = await fullLogits(await proofModel(format, head), backend, ids);
  return Math.max(...rows.map((row, i) => relativeDifference(row, expected[prompt - 1 + i])));
}
