import { expect, test } from 'vitest';
import type { StandardRow } from '../../../core/contracts/row.js';
import { preferencePair } from '../../../core/data/preference-pair.js';

const user = (content: string) => ({ role: 'user', content }) as const;
const assistant = (content: string, loss?: boolean) =>
  ({ role: 'assistant', content, ...(loss === undefined ? {} : { loss }) }) as const;

test('a worse answer stands in for the last one, and only last answers are compared', () => {
  const row: StandardRow = {
    messages: [user('q'), assistant('a'), user('r'), assistant('good')],
    rejected_response: 'bad',
    tools: [{ name: 't' }],
  };
  const before = [user('q'), assistant('a', false), user('r')];
  expect(preferencePair(row)).toEqual([
    { messages: [...before, assistant('good', true)], tools: row.tools },
    { messages: [...before, assistant('bad', true)], tools: row.tools },
  ]);
});

test('a worse conversation is taken as it is', () => {
  const rejected_messages = [user('p'), assistant('bad')];
  const [, rejected] = preferencePair({ messages: [user('q'), assistant('good')], rejected_messages });
  expect(rejected.messages).toEqual([user('p'), assistant('bad', true)]);
});

test.each<[string, StandardRow, RegExp]>([
  ['nothing worse', { messages: [user('q'), assistant('a')] }, /no worse answer/],
  ['a question last', { messages: [user('q')], rejected_response: 'b' }, /'messages' does not end/],
  [
    'a worse conversation that ends with a question',
    { messages: [user('q'), assistant('a')], rejected_messages: [user('q')] },
    /'rejected_messages' does not end/,
  ],
])('a row with %s is refused', (_, row, message) => {
  expect(() => preferencePair(row)).toThrow(
    expect.objectContaining({ code: 'BAD_ROW', message: expect.stringMatching(message) }),
  );
});
