/**
 * The loops over every trained value, in float32. Arrays of one memory with vector loops (`allocate`) are done there
 * four values at a time, others and the rest of those here. `Math.fround` after each operation makes this the very
 * same arithmetic, so where a loop runs never shows in a result and a run resumes bit for bit on either.
 */
import { memoryOf } from './memory.js';

const f32 = Math.fround;
const LANES = 4;

/** What AdamW updates: equally long arrays. */
export interface AdamWArrays {
  readonly data: Float32Array;
  readonly grad: Float32Array;
  readonly exp_avg: Float32Array;
  readonly exp_avg_sq: Float32Array;
}

export interface AdamWConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Factor on the data: 1 - learning rate * weight decay. */
  readonly keep: number;
  /** Learning rate over the first moment's bias correction. */
  readonly rate: number;
  /** Root of the second moment's bias correction. */
  readonly correction: number;
}

/** One AdamW update in torch's order of operations. */
export function adamw({ data, grad, exp_avg, exp_avg_sq }: AdamWArrays, constants: AdamWConstants): void {
  const keep = f32(constants.keep);
  const weight1 = f32(1 - constants.beta1);
  const beta2 = f32(constants.beta2);
  const weight2 = f32(1 - constants.beta2);
  const rate = f32(constants.rate);
  const correction = f32(constants.correction);
  const epsilon = f32(constants.epsilon);
  let i = 0;
  const memory = memoryOf([data, grad, exp_avg, exp_avg_sq]);
  if (memory) {
    const vectors = Math.floor(data.length / LANES);
    const at = [data.byteOffset, grad.byteOffset, exp_avg.byteOffset, exp_avg_sq.byteOffset];
    memory.loops.adamw(vectors, ...at, keep, weight1, beta2, weight2, rate, correction, epsilon);
    i = vectors * LANES;
  }
  for (; i < data.length; i++) {
    const g = grad[i];
    const m = f32(exp_avg[i] + f32(weight1 * f32(g - exp_avg[i])));
    const v = f32(f32(exp_avg_sq[i] * beta2) + f32(f32(weight2 * g) * g));
    exp_avg[i] = m;
    exp_avg_sq[i] = v;
    data[i] = f32(data[i] * keep) - f32(f32(rate * m) / f32(f32(f32(Math.sqrt(v)) / correction) + epsilon));
  }
}

/** Adds `values`, of any memory, to `sum`. */
export function accumulate(sum: Float32Array, values: Float32Array): void {
  let i = 0;
  const memory = memoryOf([sum]);
  if (memory) {
    const { loops, staging } = memory;
    const whole = sum.length - (sum.length % LANES);
    while (i < whole) {
      const count = Math.min(staging.length, whole - i);
      staging.set(values.subarray(i, i + count));
      loops.accumulate(count / LANES, sum.byteOffset + 4 * i, staging.byteOffset);
      i += count;
    }
  }
  for (; i < sum.length; i++) sum[i] += values[i];
}

/** Multiplies all values by a factor. */
export function scale(values: Float32Array, factor: number): void {
  const by = f32(factor);
  let i = 0;
  const memory = memoryOf([values]);
  if (memory) {
    const vectors = Math.floor(values.length / LANES);
    memory.loops.scale(vectors, values.byteOffset, by);
    i = vectors * LANES;
  }
  for (; i < values.length; i++) values[i] *= by;
}

/** The sum of the squares, in float64. */
export function sumOfSquares(values: Float32Array): number {
  const vectors = Math.floor(values.length / LANES);
  let sum = memoryOf([values])?.loops.sumOfSquares(vectors, values.byteOffset) ?? laneSums(values, vectors);
  for (let i = vectors * LANES; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}

/** Summed lane by lane, in the order of the vector loop. */
function laneSums(values: Float32Array, vectors: number): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  for (let i = 0; i < vectors * LANES; i += LANES) {
    sum0 += values[i] * values[i];
    sum1 += values[i + 1] * values[i + 1];
    sum2 += values[i + 2] * values[i + 2];
    sum3 += values[i + 3] * values[i + 3];
  }
  return sum0 + sum1 + (sum2 + sum3);
}
