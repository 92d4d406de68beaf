import { describe, expect, test } from 'vitest';
import { checkRow } from '../../../core/data/check-row.js';
import { toStandardRow } from '../../../core/data/preprocess/index.js';

const user = { role: 'user', content: 'q' } as const;
const good = { role: 'assistant', content: 'good' } as const;
const bad = { role: 'assistant', content: 'bad' } as const;
const pair = { messages: [user, good], rejected_response: 'bad' };

function read(raw: Record<string, unknown>) {
  const unused: string[] = [];
  const row = toStandardRow(raw, { unused: (field) => void unused.push(field) });
  return { row, unused };
}

test.each([
  ['turns, and answers as texts', { messages: [user], chosen: 'good', rejected: 'bad' }],
  [
    'turns, and answers as messages of ShareGPT',
    {
      conversations: [{ from: 'human', value: 'q' }],
      chosen: { from: 'gpt', value: 'good' },
      rejected: { from: 'gpt', value: 'bad' },
    },
  ],
  ['a worse answer alone', { query: 'q', response: 'good', rejected_messages: [bad] }],
  ['a column rejected beside response', { query: 'q', response: 'good', rejected: 'bad' }],
  ['a prompt that chosen repeats', { prompt: 'q', chosen: [user, good], rejected: [user, bad] }],
])('%s', (_, raw) => {
  expect(read(raw)).toEqual({ row: pair, unused: [] });
});

test('a worse answer alone stands behind the same turns, system prompt among them', () => {
  const { row } = read({
    system: 's',
    query: 'q',
    response: 'good',
    rejected_messages: [{ ...bad, name: 'x' }],
  });
  const before = [{ role: 'system', content: 's' }, user];
  expect(row).toEqual({ messages: [...before, good], rejected_messages: [...before, { ...bad, name: 'x' }] });
});

describe('what is not used is counted', () => {
  test.each([
    [{ messages: [user, good], chosen: 'other', rejected: 'bad' }, 'column chosen'],
    [{ prompt: 'q', chosen: 'good', rejected: 'bad', response: 'other' }, 'column response'],
    [{ ...pair, rejected_messages: [user, bad] }, 'column rejected_response'],
    [{ ...pair, rejected: 'other' }, 'column rejected'],
    [
      { prompt: 'p', chosen: [user, good], rejected: [user, bad] },
      'what stands before a whole conversation in chosen',
    ],
    [{ messages: [user, good], rejected_messages: [user, { ...bad, mood: 'grim' }] }, 'mood'],
  ])('%j', (raw, field) => {
    expect(read(raw)).toEqual({ row: pair, unused: [field] });
  });
});

test('a better answer without a worse one is an answer', () => {
  expect(read({ prompt: 'q', chosen: 'good', rejected: null }).row).toEqual({ messages: [user, good] });
});

test.each(['rejected_messages', 'rejected'])('an empty list of %s is no conversation', (field) => {
  const raw = { query: 'q', response: 'good', [field]: [] };
  expect(() => read(raw)).toThrow(
    expect.objectContaining({ code: 'BAD_ROW', message: expect.stringContaining(`'${field}'`) }),
  );
});

test('half a character is found in worse answers too', () => {
  for (const worse of [
    { rejected_response: '\ud83d' },
    { rejected_messages: [user, { ...bad, content: '\ud83d' }] },
  ])
    expect(() => checkRow({ messages: [user, good], ...worse })).toThrow(/'rejected_\w+.*half a character/);
});
