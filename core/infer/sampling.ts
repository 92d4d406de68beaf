/** Choosing the next token from logits. */
import type { SamplingOptions } from '../contracts/infer-backend.js';
import type { Random } from '../contracts/random.js';

export type { SamplingOptions };

/** How to draw, as far as it is said. */
export interface SamplingAsked {
  readonly temperature: number;
  readonly do_sample?: boolean | null;
  readonly top_k?: number | null;
  readonly top_p?: number | null;
  readonly repetition_penalty?: number | null;
}

/** What is not said is as in SWIFT. */
export function samplingOptions(asked: SamplingAsked): Required<SamplingOptions> {
  return {
    do_sample: asked.do_sample ?? asked.temperature > 0,
    temperature: asked.temperature,
    top_k: asked.top_k ?? 20,
    top_p: asked.top_p ?? 0.7,
    repetition_penalty: asked.repetition_penalty ?? 1,
  };
}

/** @param logits [V], changed in place @param seen ids of the prompt and the answer so far */
export function pickToken(
  logits: Float32Array,
  seen: Iterable<number>,
  options: SamplingOptions,
  random: Random,
): number {
  penalize(logits, seen, options.repetition_penalty);
  if (!options.do_sample || options.temperature === 0) return argmax(logits);
  const ids = likeliest(logits, options.top_k ?? logits.length);
  const best = logits[ids[0]];
  const weights = Array.from(ids, (id) => Math.exp((logits[id] - best) / options.temperature));
  const kept = nucleus(weights, options.top_p);
  const total = kept.reduce((sum, weight) => sum + weight, 0);
  let left = random.uniform() * total;
  for (const [i, weight] of kept.entries()) {
    left -= weight;
    if (left < 0) return ids[i];
  }
  return ids[kept.length - 1];
}

function penalize(logits: Float32Array, seen: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const id of new Set(seen)) logits[id] = logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty;
}

export function argmax(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  return best;
}

/** Ids of the `count` largest logits, largest first; equal ones in id order. */
function likeliest(logits: Float32Array, count: number): number[] {
  if (count >= logits.length) {
    const ids = Array.from({ length: logits.length }, (_, i) => i);
    return ids.sort((a, b) => logits[b] - logits[a] || a - b);
  }
  // Few of many: most are below the least of those found so far, and sorting a large vocabulary takes as long as a step.
  const found: number[] = [];
  let least = -Infinity;
  for (let id = 0; id < logits.length; id++) {
    if (found.length === count && !(logits[id] > least)) continue;
    let at = found.length;
    while (at > 0 && logits[found[at - 1]] < logits[id]) at--;
    found.splice(at, 0, id);
    if (found.length > count) found.pop();
    least = logits[found[found.length - 1]];
  }
  return found;
}

/** The leading weights whose sum first reaches `share` of all; at least one. */
function nucleus(weights: readonly number[], share: number): readonly number[] {
  if (share >= 1) return weights;
  const target = share * weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const end = weights.findIndex((weight) => (sum += weight) >= target);
  return weights.slice(0, end < 0 ? weights.length : end + 1);
}
