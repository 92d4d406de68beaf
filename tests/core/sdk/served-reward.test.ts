import { expect, test } from 'vitest';
import { lastNumber } from '../../../core/sdk/served-reward.js';

test.each<[string, number | null]>([
  ['0.73', 0.73],
  ['[0.25]', 0.25],
  ['-2', -2],
  ['1e-3', 1e-3],
  ['I think 3 of 5 points.\nScore: 4.5', 4.5],
  ['Score: 8/10', 10],
  ['.5', 0.5],
  ['none', null],
  ['', null],
])('the last number of %j is %j', (text, number) => {
  expect(lastNumber(text)).toBe(number);
});
