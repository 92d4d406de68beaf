import { describe, expect, test } from 'vitest';
import type { Thinking } from '../../../core/contracts/template.js';
import type { TemplateSpec } from '../../../core/template/index.js';
import { withThoughts, type AnswerPlace } from '../../../core/template/thinking.js';

const plain = {} as TemplateSpec;
const THOUGHT = '<think>\nx\n</think>\n\n';

test.each<[Thinking, AnswerPlace, string, string]>([
  ['keep', 'earlier', `${THOUGHT}a`, `${THOUGHT}a`],
  ['keep', 'last', 'a', 'a'],
  ['strip', 'earlier', `${THOUGHT}a`, 'a'],
  ['strip', 'earlier', '  a', '  a'],
  ['strip', 'between', `${THOUGHT}a`, `${THOUGHT}a`],
  ['strip', 'last', 'a', 'a'],
  ['add-empty', 'earlier', `${THOUGHT}a`, 'a'],
  ['add-empty', 'between', 'a', 'a'],
  ['add-empty', 'last', 'a', '<think>\n\n</think>\n\na'],
  ['add-empty', 'last', `${THOUGHT}a`, `${THOUGHT}a`],
])('%s, %s answer %j', (thinking, place, answer, expected) => {
  expect(withThoughts(answer, place, thinking, plain)).toBe(expected);
});

test('a format that keeps thoughts has them in all answers', () => {
  const keeping = { keeps_thinking: true } as TemplateSpec;
  expect(withThoughts(`${THOUGHT}a`, 'earlier', 'add-empty', keeping)).toBe(`${THOUGHT}a`);
  expect(withThoughts('a', 'earlier', 'add-empty', keeping)).toBe('<think>\n\n</think>\n\na');
  expect(withThoughts(`${THOUGHT}a`, 'earlier', 'strip', keeping)).toBe('a');
});

describe('what a model spells otherwise', () => {
  const deepseek = { empty_thinking: '</think>', history_thinking: '</think>' } as TemplateSpec;
  const harmony = {
    empty_thinking: '<|channel|>final<|message|>',
    history_thinking: '<|channel|>final<|message|>',
  } as TemplateSpec;

  test('stands in place of thoughts, taken out or never had', () => {
    expect(withThoughts(`${THOUGHT}a`, 'earlier', 'add-empty', deepseek)).toBe('</think>a');
    expect(withThoughts('a', 'last', 'add-empty', deepseek)).toBe('</think>a');
    expect(withThoughts('<think:x>y</think:x>a', 'earlier', 'strip', plain)).toBe('a');
  });

  test('is a channel in Harmony', () => {
    const answer = '<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>a';
    expect(withThoughts(answer, 'last', 'add-empty', harmony)).toBe(answer);
    expect(withThoughts(answer, 'earlier', 'add-empty', harmony)).toBe('<|channel|>final<|message|>a');
  });
});
