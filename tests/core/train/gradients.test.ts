import { expect, test } from 'vitest';
import { clipGradients, gradientNorm } from '../../../core/train/gradients.js';

test('the norm is over all gradients together, and clipping scales them alike', () => {
  const gradients = [Float32Array.of(3, 0), Float32Array.of(4)];
  expect(gradientNorm(gradients)).toBe(5);
  clipGradients(gradients, 5, 1);
  expect(gradients[0][0]).toBeCloseTo(0.6, 6);
  expect(gradients[1][0]).toBeCloseTo(0.8, 6);
});

test('a norm below the limit, and a limit of 0, change nothing', () => {
  for (const limit of [10, 0]) {
    const gradients = [Float32Array.of(3, 4)];
    clipGradients(gradients, 5, limit);
    expect([...gradients[0]]).toEqual([3, 4]);
  }
});
