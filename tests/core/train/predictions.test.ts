import { expect, test } from 'vitest';
import { lastAnswer } from '../../../core/train/predictions.js';

test('the last stretch of labels is the answer, and all before it the prompt', () => {
  const sample = { input_ids: [1, 2, 3, 4, 5, 6, 7], labels: [-100, 2, -100, -100, 5, 6, -100] };
  expect(lastAnswer(sample)).toEqual({ prompt: [1, 2, 3, 4], answer: [5, 6] });
});

test('an answer that ends the sample', () => {
  expect(lastAnswer({ input_ids: [1, 2], labels: [-100, 2] })).toEqual({ prompt: [1], answer: [2] });
});
