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
    { messages: [...before, assistant('good')], tools: row.tools },
    { messages: [...before, assistant('bad')], tools: row.tools },
  ]);
});

test('whole conversations are supervised from where their answers first differ', () => {
  const tool = { role: 'tool', content: 't' } as const;
  const [chosen, rejected] = preferencePair({
    messages: [user('q'), assistant('a'), user('r'), assistant('call'), tool, assistant('good')],
    rejected_messages: [user('q'), assistant('a'), user('r'), assistant('other'), assistant('bad')],
  });
  const before = [user('q'), assistant('a', false), user('r')];
  expect(chosen.messages).toEqual([...before, assistant('call'), tool, assistant('good')]);
  expect(rejected.messages).toEqual([...before, assistant('other'), assistant('bad')]);
});

test('of equal conversations the last answer is compared', () => {
  const messages = [user('q'), assistant('a'), user('r'), assistant('b')];
  const [chosen, rejected] = preferencePair({ messages, rejected_messages: messages });
  expect(chosen.messages).toEqual([user('q'), assistant('a', false), user('r'), assistant('b')]);
  expect(rejected).toEqual(chosen);
});

test.each<[string, StandardRow, RegExp]>([
  ['nothing worse', { messages: [user('q'), assistant('a')] }, /no worse answer/],
  ['a question last', { messages: [user('q')], rejected_response: 'b' }, /'messages' does not end/],
  [
    'a worse conversation that ends with a question',
    { messages: [user('q'), assistant('a')], rejected_messages: [user('q')] },
    /'rejected_messages' does not end/,
  ],
  [
    'another question',
    { messages: [user('q'), assistant('a')], rejected_messages: [user('p'), assistant('b')] },
    /'messages\[0\]' is no answer/,
  ],
  [
    'a system prompt on one side',
    {
      messages: [{ role: 'system', content: 's' }, user('q'), assistant('a')],
      rejected_messages: [user('q'), assistant('b')],
    },
    /'messages\[0\]' is no answer/,
  ],
  [
    'a turn more on one side',
    {
      messages: [user('q'), assistant('a'), user('r'), assistant('b')],
      rejected_messages: [user('q'), assistant('a'), assistant('c')],
    },
    /'messages\[2\]' is no answer/,
  ],
])('a row with %s is refused', (_, row, message) => {
  expect(() => preferencePair(row)).toThrow(
    expect.objectContaining({ code: 'BAD_ROW', message: expect.stringMatching(message) }),
  );
});
