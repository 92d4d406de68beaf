import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/index.js';
import {
  accumulate,
  adamw,
  allocate,
  hasVectorLoops,
  scale,
  sumOfSquares,
  type AdamWConstants,
} from '../../../core/kernels/index.js';

/** No vector, tails of every length, whole vectors, more than the staging holds. */
const LENGTHS = [1, 2, 3, 4, 5, 7, 64, 1001, 4096, 9999];
const CONSTANTS: AdamWConstants = {
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  keep: 1 - 1e-3 * 0.1,
  rate: 1e-3 / (1 - 0.9 ** 3),
  correction: Math.sqrt(1 - 0.95 ** 3),
};

function drawn(length: number, seed: number): Float32Array {
  const random = SeededRandom.seeded(seed);
  return Float32Array.from({ length }, () => random.normal());
}

/** Arrays of the values given, ordinary ones and in a memory with vector loops. */
function both(values: readonly Float32Array[]): [readonly Float32Array[], readonly Float32Array[]] {
  const [fast] = allocate([{ length: values[0].length, count: values.length }]);
  fast.forEach((array, i) => array.set(values[i]));
  return [values.map((array) => array.slice()), fast];
}

/** The formula in float64, rounded only where it is stored. */
function adamwInDouble([data, grad, exp_avg, exp_avg_sq]: readonly Float32Array[]): void {
  const { beta1, beta2, epsilon, keep, rate, correction } = CONSTANTS;
  for (let i = 0; i < data.length; i++) {
    const m = beta1 * exp_avg[i] + (1 - beta1) * grad[i];
    const v = beta2 * exp_avg_sq[i] + (1 - beta2) * grad[i] ** 2;
    data[i] = data[i] * keep - (rate * m) / (Math.sqrt(v) / correction + epsilon);
    exp_avg[i] = m;
    exp_avg_sq[i] = v;
  }
}

test('this machine has WebAssembly SIMD, or nothing here is tested', () => {
  expect(hasVectorLoops()).toBe(true);
});

describe.each(LENGTHS)('%i values: WebAssembly and JavaScript give the same bits', (length) => {
  test('adamw, near the formula in float64', () => {
    const values = [drawn(length, 1), drawn(length, 2), drawn(length, 3), drawn(length, 4).map(Math.abs)];
    const [plain, fast] = both(values);
    for (const [data, grad, exp_avg, exp_avg_sq] of [plain, fast]) {
      adamw({ data, grad, exp_avg, exp_avg_sq }, CONSTANTS);
    }
    expect(fast).toEqual(plain);
    const exact = values.map((array) => array.slice());
    adamwInDouble(exact);
    const largest = (k: number): number =>
      plain[k].reduce((most, value, i) => Math.max(most, Math.abs(value - exact[k][i])), 0);
    for (const k of [0, 2, 3]) expect(largest(k)).toBeLessThan(1e-6);
  });

  test('accumulate, scale, sum of squares', () => {
    const values = drawn(length, 5);
    const results = both([drawn(length, 6)]).map(([sum]) => {
      accumulate(sum, values);
      scale(sum, 0.3);
      return { sum: [...sum], squares: sumOfSquares(sum) };
    });
    expect(results[1]).toEqual(results[0]);
  });
});

test('a loop ends where its array ends, also in the middle of a memory', () => {
  const [[whole]] = allocate([{ length: 20, count: 1 }]);
  whole.fill(1);
  scale(whole.subarray(3, 12), 2);
  accumulate(whole.subarray(13, 18), Float32Array.of(5, 5, 5, 5, 5));
  expect([...whole]).toEqual([1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 6, 6, 6, 6, 6, 1, 1]);
});

test('arrays of different memories are done in JavaScript', () => {
  const values = [drawn(9, 1), drawn(9, 2), drawn(9, 3), drawn(9, 4).map(Math.abs)];
  const [plain, fast] = both(values);
  const mixed = [fast[0], values[1], fast[2], values[3].slice()];
  for (const [data, grad, exp_avg, exp_avg_sq] of [plain, mixed]) {
    adamw({ data, grad, exp_avg, exp_avg_sq }, CONSTANTS);
  }
  expect(mixed).toEqual(plain);
});

test('allocate: zeroed, apart from each other, a group in one memory', () => {
  const groups = allocate([
    { length: 3, count: 2 },
    { length: 5, count: 4 },
    { length: 2 ** 20, count: 0 },
  ]);
  expect(groups.map((arrays) => arrays.map(({ length }) => length))).toEqual([[3, 3], [5, 5, 5, 5], []]);
  const all = groups.flat();
  expect(new Set(all.map(({ buffer }) => buffer)).size).toBe(1);
  all.forEach((array, i) => array.fill(i + 1));
  all.forEach((array, i) => expect([...array]).toEqual(Array.from(array, () => i + 1)));
});

test('beyond 4 GiB a second memory is opened; the last values of a full one are reached', () => {
  // Untouched pages take no memory.
  const group = { length: 2 ** 28 - 2048, count: 4 };
  const [first, second] = allocate([group, group]);
  // `toBe` would print, and so read, them.
  expect([first[3], second[0]].map(({ buffer }) => buffer === first[0].buffer)).toEqual([true, false]);
  const last = first[3].subarray(-9);
  last.fill(1);
  scale(last, 3);
  accumulate(last, drawn(9, 1).fill(2));
  expect([...last]).toEqual(Array.from(last, () => 5));
  expect(sumOfSquares(last)).toBe(9 * 25);
});
