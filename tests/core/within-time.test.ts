/** Work without an end is stopped, and nothing else changes. */
import { expect, test } from 'vitest';
import { withinTime } from '../../core/within-time.js';

const late = () => new Error('late');
const endless = () => /^(a+)+$/.test(`${'a'.repeat(60)}b`);

test('a result and an error pass through', () => {
  const value = { a: 1 };
  expect(withinTime(1000, () => value, late)).toBe(value);
  const error = new RangeError('own');
  expect(() =>
    withinTime(
      1000,
      () => {
        throw error;
      },
      late,
    ),
  ).toThrow(error);
});

test.each([
  ['a regular expression', endless],
  [
    'a loop',
    () => {
      for (;;);
    },
  ],
])('%s without an end is stopped', (_, run) => {
  expect(() => withinTime(100, run, late)).toThrow('late');
  expect(withinTime(1000, () => 'goes on', late)).toBe('goes on');
});

test('work within work has the time of the outer one', () => {
  const inner = () => withinTime(1_000_000, endless, () => new Error('inner'));
  expect(() => withinTime(100, inner, late)).toThrow('late');
});
