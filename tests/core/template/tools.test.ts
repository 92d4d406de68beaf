import { expect, test } from 'vitest';
import type { Message, StandardRow } from '../../../core/contracts/row.js';
import { pythonJson } from '../../../core/template/python-json.js';
import { spellingTokenizer } from '../../extras/spelling-tokenizer.js';
import { Hermes } from '../../../plugins/agents/hermes.js';
import { Deepseek } from '../../../plugins/templates/deepseek.js';
import { Qwen2_5 } from '../../../plugins/templates/qwen2_5.js';

const qwen = () => Object.assign(new Qwen2_5(), { agent: new Hermes() });
const call = (name: string) => ({ function: { name, arguments: '{"city": "Paris"}' } });
const tools = [{ type: 'function', function: { name: 'weather' } }];
const ask: Message = { role: 'user', content: 'Weather?' };

function encode(row: StandardRow): { text: string; learned: string } {
  const result = qwen().encode(row, spellingTokenizer, { system: '' });
  if (result.kind !== 'sample') throw new Error(result.reason);
  const { input_ids, labels } = result.sample;
  const decode = (ids: readonly number[]) => spellingTokenizer.decode(ids);
  return { text: decode(input_ids), learned: decode(labels.filter((label) => label >= 0)) };
}

test('JSON has the spaces of Python, and leaves out what is undefined', () => {
  expect(pythonJson({ a: [1, 'ä"', null], b: {}, c: undefined, d: true })).toBe(
    '{"a": [1, "ä\\"", null], "b": {}, "d": true}',
  );
});

test('calls are learned with their stop; definitions and results are not', () => {
  const { text, learned } = encode({
    tools,
    messages: [
      ask,
      { role: 'assistant', content: '', tool_calls: [call('weather')] },
      { role: 'tool', content: 'Sunny {{QUERY}} $&' },
      { role: 'assistant', content: 'Sun.' },
    ],
  });
  expect(learned).toBe(
    '<tool_call>\n{"name": "weather", "arguments": {"city": "Paris"}}\n</tool_call><|im_end|>Sun.<|im_end|>',
  );
  expect(text).toMatch(/^<\|im_start\|>system\n# Tools\n.*"function": \{"name": "weather"\}\}\n<\/tools>/s);
  expect(text).toContain(
    '<|im_start|>user\n<tool_response>\nSunny {{QUERY}} $&\n</tool_response><|im_end|>\n',
  );
});

test('several calls at once are one answer, however many messages they come in', () => {
  const results: Message[] = ['1', '2'].map((content) => ({ role: 'tool', content }));
  const end: Message = { role: 'assistant', content: 'Done.' };
  const [a, b] = ['weather', 'time'].map(call);
  const one = encode({
    messages: [ask, { role: 'assistant', content: '', tool_calls: [a, b] }, ...results, end],
  });
  const two = encode({
    messages: [
      ask,
      { role: 'assistant', content: '', tool_calls: [a] },
      { role: 'assistant', content: '', tool_calls: [b] },
      ...results,
      end,
    ],
  });
  expect(two).toEqual(one);
});

test.each<[string, Message[], RegExp]>([
  [
    'a result that nobody asked for',
    [ask, { role: 'tool', content: 'x' }],
    /messages\[1\].*needs a tool call/,
  ],
  [
    'a question before the answer to a result',
    [ask, { role: 'assistant', content: '', tool_calls: [call('f')] }, { role: 'tool', content: 'x' }, ask],
    /messages\[3\].*needs an answer/,
  ],
  [
    'a result of another call',
    [
      ask,
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { ...call('f'), id: '1' },
          { ...call('g'), id: '2' },
        ],
      },
      { role: 'tool', content: 'x', tool_call_id: '2' },
    ],
    /messages\[2\].*by the order of their calls/,
  ],
  [
    'a result of another tool',
    [
      ask,
      { role: 'assistant', content: '', tool_calls: [call('f')] },
      { role: 'tool', content: 'x', name: 'g' },
    ],
    /messages\[2\].*by the order of their calls/,
  ],
  [
    'a participant with a name',
    [{ ...ask, name: 'Ann' }],
    /messages\[0\].*cannot say the name of a participant/,
  ],
  [
    'a thought in a format without them',
    [ask, { role: 'assistant', content: 'a', reasoning_content: 'because' }, ask],
    /messages\[1\].*cannot say thoughts \(reasoning_content\)/,
  ],
])('%s is refused with its place', (_, messages, message) => {
  expect(() => qwen().prompt(messages, spellingTokenizer)).toThrow(message);
});

test('results say of which call they are, in the order of the calls', () => {
  const calls = [
    { ...call('f'), id: '1' },
    { ...call('g'), id: '2' },
  ];
  const messages: Message[] = [
    ask,
    { role: 'assistant', content: '', tool_calls: calls },
    { role: 'tool', content: 'x', tool_call_id: '1', name: 'f' },
    { role: 'tool', content: 'y', tool_call_id: '2', name: 'g' },
    { role: 'assistant', content: 'Done.' },
  ];
  expect(encode({ messages }).text).toContain('<tool_response>\nx\n</tool_response>\n<tool_response>\ny');
});

test('a format without tools names the way out', () => {
  const row = { tools, messages: [ask, { role: 'assistant' as const, content: 'a' }] };
  expect(() => new Deepseek().encode(row, spellingTokenizer)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('Template deepseek cannot say tool definitions') as string,
      cure: expect.arrayContaining([
        expect.stringContaining('--agent_template'),
        expect.stringContaining('--template_type chat_template'),
      ]) as string[],
    }),
  );
});
