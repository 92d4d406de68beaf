import { expect, test } from 'vitest';
import { parametersOf, sizeFilter } from '../../../core/cli/model-size.js';

test('a size is a number of parameters', () => {
  expect(['7B', '0.5b', '270M', '1T'].map(parametersOf)).toEqual([7e9, 5e8, 2.7e8, 1e12]);
  expect(['', '7', '8x7B', 'B', '7BB'].map(parametersOf)).toEqual(Array(5).fill(undefined));
});

test.each([
  ['7b', ['7B']],
  ['=7000M', ['7B']],
  ['<7b', ['270M', '0.5B']],
  ['<=7B', ['270M', '0.5B', '7B']],
  ['> 7b', ['70B', '1T']],
  ['>=70b', ['70B', '1T']],
])('--size %s', (wanted, expected) => {
  const sizes = ['270M', '0.5B', '7B', undefined, '70B', '1T'];
  expect(sizes.filter(sizeFilter(wanted))).toEqual(expected);
});

test.each(['', 'small', '<', '8x7b', '=<7b'])("--size '%s' is refused", (wanted) => {
  expect(() => sizeFilter(wanted)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }) as Error);
});
