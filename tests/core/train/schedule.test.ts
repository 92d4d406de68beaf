import { describe, expect, test } from 'vitest';
import { learningRateFactor, warmupSteps, type LrScheduler } from '../../../core/train/schedule.js';

/** Factors of transformers 5 `get_scheduler(name, num_warmup_steps=2, num_training_steps=10)`, computed by hand. */
const EXPECTED: Readonly<Record<LrScheduler, readonly number[]>> = {
  constant: [1, 1, 1, 1],
  constant_with_warmup: [0, 0.5, 1, 1],
  linear: [0, 0.5, 1, 0.5],
  cosine: [0, 0.5, 1, 0.5],
};

describe.each(Object.entries(EXPECTED))('%s', (scheduler, expected) => {
  test('steps 0, 1, 2 and 6', () => {
    const options = { scheduler: scheduler as LrScheduler, warmupSteps: 2, maxSteps: 10 };
    [0, 1, 2, 6].forEach((step, i) => expect(learningRateFactor(step, options)).toBeCloseTo(expected[i], 12));
  });
});

test('linear and cosine end at zero', () => {
  for (const scheduler of ['linear', 'cosine'] as const) {
    expect(learningRateFactor(10, { scheduler, warmupSteps: 2, maxSteps: 10 })).toBeCloseTo(0, 12);
  }
});

test('warm-up steps: the number wins over the ratio, the ratio rounds up', () => {
  expect(warmupSteps(7, 0.5, 100)).toBe(7);
  expect(warmupSteps(0, 0.05, 101)).toBe(6);
});
