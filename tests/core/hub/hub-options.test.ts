import { expect, test } from 'vitest';
import { usesHuggingFace } from '../../../core/hub/hub-options.js';

test.each([
  [undefined, true],
  ['', true],
  ['1', true],
  ['True', true],
  ['0', false],
  ['false', false],
])('USE_HF=%s', (value, expected) => {
  expect(usesHuggingFace(value)).toBe(expected);
});

test('USE_HF=maybe is refused', () => {
  expect(() => usesHuggingFace('maybe')).toThrow("USE_HF is 'maybe', expected 1 or 0");
});
