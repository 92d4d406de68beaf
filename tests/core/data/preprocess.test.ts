import { describe, expect, test } from 'vitest';
import { toStandardRow } from '../../../core/data/index.js';
import type { RawRow } from '../../../core/contracts/row.js';

const chat = [
  { role: 'user', content: 'q' },
  { role: 'assistant', content: 'a' },
];
const system = { role: 'system', content: 's' };

describe('every usual shape becomes messages', () => {
  test.each<[string, RawRow, object]>([
    ['messages', { messages: chat }, { messages: chat }],
    ['messages as JSON text', { messages: JSON.stringify(chat) }, { messages: chat }],
    ['messages with a system column', { messages: chat, system: 's' }, { messages: [system, ...chat] }],
    [
      'messages with loss',
      { messages: [chat[0], { ...chat[1], loss: false }] },
      { messages: [chat[0], { ...chat[1], loss: false }] },
    ],
    [
      'content as text parts',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'q' }] }, chat[1]] },
      { messages: chat },
    ],
    [
      'sharegpt',
      {
        conversations: [
          { from: 'human', value: 'q' },
          { from: 'gpt', value: 'a' },
        ],
      },
      { messages: chat },
    ],
    ['pairs', { conversation: [{ human: 'q', assistant: 'a' }] }, { messages: chat }],
    ['query, response', { query: 'q', response: 'a', system: 's' }, { messages: [system, ...chat] }],
    [
      'history',
      { query: 'q', response: 'a', history: [['q0', 'a0']] },
      {
        messages: [{ role: 'user', content: 'q0' }, { role: 'assistant', content: 'a0' }, ...chat],
      },
    ],
    ['alpaca', { instruction: 'q', input: '', output: 'a' }, { messages: chat }],
    [
      'alpaca with input',
      { instruction: 'do', input: 'this', output: 'a' },
      {
        messages: [{ role: 'user', content: 'do\nthis' }, chat[1]],
      },
    ],
    [
      'rejected_response',
      { query: 'q', response: 'a', rejected_response: 'b' },
      { messages: chat, rejected_response: 'b' },
    ],
    [
      'chosen, rejected',
      { prompt: 'q', chosen: 'a', rejected: 'b' },
      { messages: chat, rejected_response: 'b' },
    ],
    [
      'chosen, rejected lists',
      { chosen: chat, rejected: [chat[0], { role: 'assistant', content: 'b' }] },
      {
        messages: chat,
        rejected_response: 'b',
      },
    ],
    [
      'chosen, rejected last turns',
      { prompt: [chat[0]], chosen: [chat[1]], rejected: [{ role: 'assistant', content: 'b' }] },
      {
        messages: chat,
        rejected_response: 'b',
      },
    ],
    ['label', { prompt: 'q', completion: 'a', label: true }, { messages: chat, label: true }],
    ['text', { text: 'long text' }, { messages: [{ role: 'assistant', content: 'long text' }] }],
    ['response alone', { response: 'text' }, { messages: [{ role: 'assistant', content: 'text' }] }],
    [
      'question, answer',
      { question: 'q', answer: 5 },
      { messages: [chat[0], { role: 'assistant', content: '5' }] },
    ],
  ])('%s', (_, raw, expected) => {
    expect(toStandardRow(raw)).toEqual(expected);
  });

  test('tool calls in OpenAI shape stay as they are; tool_call and tool_response turns become them', () => {
    const call = { type: 'function', function: { name: 'f', arguments: { x: 1 } } };
    const expected = {
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', content: 'r' },
        { role: 'assistant', content: 'a' },
      ],
      tools: [{ name: 'f' }],
    };
    const rest = [
      { role: 'tool', content: 'r' },
      { role: 'assistant', content: 'a' },
    ];
    const tools = [{ name: 'f' }];
    const own = {
      messages: [chat[0], { role: 'assistant', content: null, tool_calls: [call] }, ...rest],
      tools,
    };
    expect(toStandardRow(own)).toEqual(expected);
    const turn = { role: 'tool_call', content: '{"name": "f", "arguments": {"x": 1}}' };
    const other = [chat[0], turn, { role: 'tool_response', content: 'r' }, rest[1]];
    expect(toStandardRow({ messages: other, tools: JSON.stringify(tools) })).toEqual(expected);
  });

  test.each<RawRow>([
    { query: 'q', response: null },
    { query: 'q', response: '' },
    { text: '' },
    { messages: [chat[0]] },
    { instruction: 'q', output: null },
  ])('a row without an answer is left out: %j', (raw) => {
    expect(toStandardRow(raw)).toBeUndefined();
  });
});

describe('a wrong row is refused with field, value and expectation', () => {
  test.each<[RawRow, RegExp]>([
    [{ foo: 1, bar: 2 }, /fields foo, bar are no known row shape/],
    [{ messages: 'hello' }, /'messages' is the text "hello"; expected a list of/],
    [{ messages: [] }, /'messages' is a list of 0; expected at least one message/],
    [{ messages: [{ role: 'usr', content: 'x' }] }, /'messages\[0\]\.role' is 'usr', which is no role/],
    [{ messages: [{ role: 'user' }] }, /'messages\[0\]\.content' is missing; expected a text/],
    [{ messages: [{ content: 'x' }] }, /'messages\[0\]\.role' is missing/],
    [
      { conversations: [{ from: 'human', value: { a: 1 } }] },
      /'conversations\[0\]\.value' is an object with a/,
    ],
    [
      { query: 'q', response: 'a', history: [['x']] },
      /'history\[0\]' is a list of 1; expected \["question", "answer"\]/,
    ],
    [{ query: ['q'], response: 'a' }, /'query' is a list of 1; expected a text/],
    [
      { messages: [{ role: 'user', content: [{ type: 'image', image: 'x' }] }] },
      /content\[0\]\.type' is the text "image"/,
    ],
    [
      { messages: [chat[0], { role: 'tool_call', content: 'f(x)' }] },
      /messages\[1\]\.content' is the text "f\(x\)"/,
    ],
  ])('%j', (raw, message) => {
    expect(() => toStandardRow(raw)).toThrow(message);
    expect(() => toStandardRow(raw)).toThrow(expect.objectContaining({ code: 'BAD_ROW' }));
  });

  test('the nearest role is named', () => {
    const fault = () => toStandardRow({ messages: [{ role: 'asistant', content: 'x' }] });
    expect(fault).toThrow(
      expect.objectContaining({ cure: expect.arrayContaining([expect.stringContaining("'assistant'")]) }),
    );
  });
});
