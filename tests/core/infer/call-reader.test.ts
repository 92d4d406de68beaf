import { expect, test } from 'vitest';
import { callReader } from '../../../core/infer/call-reader.js';
import { Hermes } from '../../../plugins/agents/hermes.js';
import { ReactEn } from '../../../plugins/agents/react_en.js';

const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }];

test('calls are told apart from text as it comes, and numbered', () => {
  const pieces: string[] = [];
  const reader = callReader({ tools }, new Hermes(), (text) => pieces.push(text))!;
  const call = (city: string): string =>
    `<tool_call>\n{"name": "weather", "arguments": {"city": "${city}"}}\n</tool_call>`;
  for (const piece of ['I lo', 'ok.\n<tool', ...call('Paris').slice(5), '\n', call('Rome')])
    reader.push(piece);
  expect(pieces).toEqual(['I lo', 'ok.']);
  expect(reader.end()).toEqual({
    text: 'I look.',
    tool_calls: ['Paris', 'Rome'].map((city, i) => ({
      id: `call_${i}`,
      type: 'function',
      function: { name: 'weather', arguments: JSON.stringify({ city }) },
    })),
  });
});

test('an answer without calls is its text, and one that is cut off within a call too', () => {
  const plain = callReader({ tools }, new Hermes())!;
  plain.push('Sunny.\n');
  expect(plain.end()).toEqual({ text: 'Sunny.\n' });
  const cut = callReader({ tools }, new Hermes())!;
  cut.push('<tool_call>\n{"name": "wea');
  expect(cut.end()).toEqual({ text: '<tool_call>\n{"name": "wea' });
});

test('the stop of a format comes along; without tools or a format nothing is read', () => {
  expect(callReader({ tools }, new ReactEn())!.stopWords).toEqual(['Observation:']);
  expect(callReader({ tools: [] }, new Hermes())).toBeUndefined();
  expect(callReader({ tools }, undefined)).toBeUndefined();
});
