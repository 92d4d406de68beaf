import { describe, expect, test } from 'vitest';
import { AutoPreprocessor, toStandardRow } from '../../../core/data/index.js';
import type { RawRow } from '../../../core/contracts/row.js';
import { ExactFloat } from '../../../core/exact-numbers.js';
import { parseExactJson } from '../../../core/io/exact-json.js';

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
    ...['output', 'response', 'answer', 'target', 'completion', 'solution'].map(
      (name): [string, RawRow, object] => [
        `alpaca with input and ${name}`,
        { instruction: 'do', input: 'this', [name]: 'a' },
        { messages: [{ role: 'user', content: 'do\nthis' }, chat[1]] },
      ],
    ),
    [
      'messages of which each has null fields of other shapes',
      {
        conversations: [
          { role: null, content: null, from: 'human', value: 'q', human: null, assistant: null },
          { role: 'assistant', content: 'a', from: null, value: null, human: null, assistant: null },
          { role: null, content: null, from: null, value: null, human: 'q', assistant: 'a' },
        ],
      },
      { messages: [...chat, ...chat] },
    ],
    [
      "lists in Python's spelling",
      { messages: "[{'role': 'user', 'content': 'q'}, {'role': 'assistant', 'content': \"a\"}]" },
      { messages: chat },
    ],
    [
      "history in Python's spelling",
      { query: 'q', response: 'a', history: "[('q', 'a')]" },
      { messages: [...chat, ...chat] },
    ],
    [
      'numbers as answers',
      parseExactJson('{"question": 10.0, "answer": 20240815123456789}') as RawRow,
      {
        messages: [
          { role: 'user', content: '10.0' },
          { role: 'assistant', content: '20240815123456789' },
        ],
      },
    ],
    ['NaN in a field that is not used', { query: 'q', response: 'a', score: NaN }, { messages: chat }],
    ['one image', { query: 'q', response: 'a', image: 'a.png' }, { messages: chat, images: ['a.png'] }],
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
      'chosen, rejected lists that differ before the last answer',
      { system: 's', chosen: chat, rejected: [{ role: 'user', content: 'p' }, chat[1]] },
      {
        messages: [{ role: 'system', content: 's' }, ...chat],
        rejected_messages: [{ role: 'system', content: 's' }, { role: 'user', content: 'p' }, chat[1]],
      },
    ],
    [
      'a rejected answer that is more than its text',
      { prompt: [chat[0]], chosen: [chat[1]], rejected: [{ ...chat[1], reasoning_content: 'hm' }] },
      { messages: chat, rejected_messages: [chat[0], { ...chat[1], reasoning_content: 'hm' }] },
    ],
    [
      'rejected_messages',
      { messages: chat, rejected_messages: [chat[0], { role: 'assistant', content: 'b' }] },
      { messages: chat, rejected_response: 'b' },
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
    ['label of a table', { prompt: 'q', completion: 'a', label: 'False' }, { messages: chat, label: false }],
    ['label as a number', { prompt: 'q', completion: 'a', label: 1 }, { messages: chat, label: 1 }],
    [
      'label as a number of a table',
      { prompt: 'q', completion: 'a', label: '0.5' },
      { messages: chat, label: 0.5 },
    ],
    ['labels', { prompt: 'q', completion: 'a', label: [0, 2] }, { messages: chat, label: [0, 2] }],
    ['labels of another meaning', { prompt: 'q', completion: 'a', label: [0, 'news'] }, { messages: chat }],
    ['label of another meaning', { prompt: 'q', completion: 'a', label: 'news' }, { messages: chat }],
    [
      'numbers with a point, and a channel that is one',
      {
        prompt: 'q',
        completion: 'a',
        label: new ExactFloat(1),
        margin: new ExactFloat(2),
        channel: new ExactFloat(3),
      },
      { messages: chat, label: 1, margin: 2, channel: '3.0' },
    ],
    [
      'labels with a point, and a whole number beyond 2^53',
      { prompt: 'q', completion: 'a', label: [new ExactFloat(1), 0n] },
      { messages: chat, label: [1, 0] },
    ],
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

  test.each(['big', Infinity, [1]])('a margin of two answers is a number, not %j', (margin) => {
    const told: string[] = [];
    const unused = (field: string) => told.push(field);
    const pair = { prompt: 'q', chosen: 'a', rejected: 'b', margin };
    expect(() => toStandardRow(pair)).toThrow(/field 'margin' is .*; expected a finite number/);
    expect(toStandardRow({ prompt: 'q', completion: 'a', margin }, { unused })).toEqual({ messages: chat });
    expect(told).toEqual(['column margin']);
  });

  test('a label of another meaning is told', () => {
    const told: string[] = [];
    const unused = (field: string) => told.push(field);
    toStandardRow({ prompt: 'q', completion: 'a', label: 'news' }, { unused });
    toStandardRow({ prompt: 'q', completion: 'a', label: '' }, { unused });
    expect(told).toEqual(['column label']);
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
    const hyphened = [
      chat[0],
      { ...turn, role: 'function-call' },
      { role: 'function-response', content: 'r' },
    ];
    expect(toStandardRow({ messages: [...hyphened, rest[1]], tools })).toEqual(expected);
  });

  test.each<RawRow>([
    { query: 'q', response: null },
    { query: 'q', response: '' },
    { text: '' },
    { messages: [chat[0]] },
    { messages: null },
    { conversations: null, id: 1 },
    { instruction: 'q', output: null },
  ])('a row without an answer is left out: %j', (raw) => {
    expect(toStandardRow(raw)).toBeUndefined();
  });
});

describe('fields of a message', () => {
  const answer = (fields: object): RawRow => ({ messages: [chat[0], { ...chat[1], ...fields }] });
  const read = (raw: RawRow) => toStandardRow(raw)?.messages[1];
  const call = { type: 'function', function: { name: 'f', arguments: { x: 1 } } };

  test.each(['reasoning_content', 'reasoning', 'thinking'])('%s is a thought', (field) => {
    expect(read(answer({ [field]: 'because' }))).toEqual({ ...chat[1], reasoning_content: 'because' });
    expect(read(answer({ [field]: null }))).toEqual(chat[1]);
  });

  test.each<[string, unknown, boolean]>([
    ['loss', 0, false],
    ['loss', 1, true],
    ['loss', false, false],
    ['loss', 0n, false],
    ['weight', 0, false],
    ['weight', 1, true],
    ['train', false, false],
    ['training', false, false],
  ])('%s: %s says whether an answer is learned', (field, value, loss) => {
    expect(read(answer({ [field]: value }))).toEqual({ ...chat[1], loss });
  });

  test.each<[string, unknown]>([
    ['JSON text', JSON.stringify([call])],
    ['a call without function', [call.function]],
    ['a call of JSON text', [JSON.stringify(call)]],
    ['a call whose function is JSON text', [{ function: JSON.stringify(call.function) }]],
  ])('tool_calls as %s', (_, tool_calls) => {
    expect(read(answer({ content: null, tool_calls }))).toEqual({
      ...chat[1],
      content: '',
      tool_calls: [call],
    });
  });

  test.each<unknown>([null, '', [], '[]'])('tool_calls %j are none', (tool_calls) => {
    expect(read(answer({ tool_calls }))).toEqual(chat[1]);
  });

  test("OpenAI's function_call, an object or JSON text, is a call", () => {
    const made = { name: 'f', arguments: '{"x": 1}' };
    const expected = { ...chat[1], content: '', tool_calls: [{ type: 'function', function: made }] };
    for (const function_call of [made, JSON.stringify(made)]) {
      expect(read(answer({ content: null, function_call }))).toEqual(expected);
    }
  });

  test('a tool message keeps the call that it answers and its name', () => {
    const tool = { role: 'tool', content: 'r', tool_call_id: 'id1', name: 'f' };
    const asking = { role: 'assistant', content: '', tool_calls: [{ id: 'id1', ...call }] };
    expect(toStandardRow({ messages: [chat[0], asking, tool, chat[1]] })?.messages).toEqual([
      chat[0],
      asking,
      tool,
      chat[1],
    ]);
  });

  test('what says nothing here is told by its name', () => {
    const told: string[] = [];
    const messages = [
      { ...chat[0], weight: 1, tool_call_id: 'x', loss: null },
      { ...chat[1], model: 'm', id: null, value: 'v' },
    ];
    toStandardRow({ messages }, { unused: (field) => told.push(field) });
    toStandardRow({ text: 'x', system: 's' }, { unused: (field) => told.push(field) });
    expect(told).toEqual([
      'weight of a user message',
      'tool_call_id of a user message',
      'model',
      'value',
      'system of a row without a question',
    ]);
  });

  test('a question or an answer under another name, beside the ones that are read, is told', () => {
    const told: string[] = [];
    const unused = (field: string) => told.push(field);
    toStandardRow({ instruction: 'i', query: 'q', response: 'a' }, { unused });
    toStandardRow({ problem: 'q', solution: 's', answer: 'a', id: 1 }, { unused });
    expect(told).toEqual(['column instruction', 'column solution']);
  });

  test('a field that no row has, such as a misspelt one, is told of rows as they are', () => {
    const told: string[] = [];
    const row = { query: 'q', response: 'a', imgs: ['a.png'], id: 1, source: null };
    new AutoPreprocessor().toRow(row, { unused: (field) => told.push(field) });
    expect(told).toEqual(['column imgs', 'column id']);
  });

  test('a weight may be a float', () => {
    const row = (weight: string) =>
      toStandardRow({ messages: [chat[0], { ...chat[1], weight: parseExactJson(weight) }] });
    expect([row('1.0'), row('0.0')].map((each) => each?.messages[1].loss)).toEqual([true, false]);
  });

  test('one system prompt, however often it is said', () => {
    const messages = [system, ...chat];
    for (const more of [{ system: 's' }, { system_prompt: 's', system: 's' }, { system: '' }]) {
      expect(toStandardRow({ messages, ...more })).toEqual({ messages });
    }
    expect(toStandardRow({ messages: chat, system: '', system_prompt: 's' })).toEqual({ messages });
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
    [{ query: 'q', response: NaN }, /'response' is the number NaN; expected a text/],
    [{ messages: "[{'role': user}]" }, /'messages' is the text "\[\{'role'/],
    [{ query: ['q'], response: 'a' }, /'query' is a list of 1; expected a text/],
    [
      { messages: [{ role: 'user', content: [{ type: 'movie', movie: 'x' }] }] },
      /content\[0\]\.type' is the text "movie"/,
    ],
    [
      { messages: [chat[0], { ...chat[1], loss: 0.5 }] },
      /messages\[1\]\.loss' is the number 0\.5; expected true, false/,
    ],
    [{ messages: [chat[0], { ...chat[1], weight: 'no' }] }, /messages\[1\]\.weight' is the text "no"/],
    [
      { messages: [chat[0], { ...chat[1], loss: 0, weight: 1 }] },
      /'messages\[1\]\.loss' and 'weight' say different things/,
    ],
    [
      { messages: [chat[0], { ...chat[1], thinking: 'a', reasoning: 'b' }] },
      /'messages\[1\]\.reasoning' and 'thinking' say different things/,
    ],
    [
      { messages: [chat[0], { ...chat[1], thinking: { a: 1 } }] },
      /messages\[1\]\.thinking' is an object with a/,
    ],
    [
      { messages: [chat[0], { ...chat[1], tool_calls: 'f(x)' }] },
      /messages\[1\]\.tool_calls' is the text "f\(x\)"/,
    ],
    [{ messages: [chat[0], { ...chat[1], tool_calls: [{}] }] }, /tool_calls\[0\]\.name' is missing/],
    [
      { messages: [chat[0], { ...chat[1], tool_calls: [{ name: 'f', arguments: [1] }] }] },
      /tool_calls\[0\]\.arguments' is a list of 1/,
    ],
    [{ messages: [{ ...chat[0], function_call: { name: 'f' } }, chat[1]] }, /user message with a tool call/],
    [
      { messages: [system, ...chat], system: 't' },
      /'system' and 'messages\[0\]' are two different system prompts/,
    ],
    [{ messages: chat, system: 's', system_prompt: 't' }, /'system' and 'system_prompt' are two different/],
    [
      { messages: [chat[0], { role: 'tool_call', content: 'f(x)' }] },
      /messages\[1\]\.content' is the text "f\(x\)"/,
    ],
  ])('%j', (raw, message) => {
    expect(() => toStandardRow(raw)).toThrow(message);
    expect(() => toStandardRow(raw)).toThrow(expect.objectContaining({ code: 'BAD_ROW' }));
  });

  test('an integer of any size is told', () => {
    expect(() => toStandardRow({ messages: 12345678901234567890n })).toThrow(
      "'messages' is the number 12345678901234567890; expected a list",
    );
  });

  test('the nearest role is named', () => {
    const fault = () => toStandardRow({ messages: [{ role: 'asistant', content: 'x' }] });
    expect(fault).toThrow(
      expect.objectContaining({ cure: expect.arrayContaining([expect.stringContaining("'assistant'")]) }),
    );
  });
});
