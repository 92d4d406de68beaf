import { describe, expect, test } from 'vitest';
import { rougeL } from '../../../core/eval/rouge.js';
import { ToolBenchEvaluator } from '../../../plugins/evaluators/tool_bench.js';

const evaluator = new ToolBenchEvaluator();
const tools = ['weather', 'time', 'Finish'].map((name) => ({ name }));
const messages = [
  { role: 'system', content: 'Use tools.' },
  { role: 'user', content: 'How warm is Paris?' },
];

const step = (action: string, input: unknown, thought = 'I look.'): string =>
  `Thought: ${thought}\nAction: ${action}\nAction Input: ${typeof input === 'string' ? input : JSON.stringify(input)}`;
const finish = (final_answer: string): string => step('Finish', { return_type: 'give_answer', final_answer });
const giveUp = step('Finish', { return_type: 'give_up_and_restart' });
const judge = (target: string, answer: string) =>
  evaluator.judge(evaluator.question({ messages, tools, target }), answer).metrics;

describe('by hand', () => {
  const call = step('weather', { city: 'Paris', days: 2 });

  test.each<[string, string, string, Readonly<Record<string, number>>]>([
    ['the same call', call, call, { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 1, F1: 1 }],
    [
      'arguments in another order, 2 as 2.0',
      call,
      step('weather', '{"days": 2.0, "city": "Paris"}'),
      { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 1, F1: 1 },
    ],
    // Hits 1 + 0.5 of 2 wanted and 2 given.
    [
      'one value of two is another',
      call,
      step('weather', { city: 'Rome', days: 2 }),
      { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 1, F1: 0.75 },
    ],
    // Hits 1 of 2 wanted and 1 given: P 1, R 1/2.
    [
      'an argument is missing',
      call,
      step('weather', { city: 'Paris' }),
      { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 1, F1: 2 / 3 },
    ],
    [
      'arguments that are no JSON',
      call,
      step('weather', 'Paris'),
      { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 1, F1: 0 },
    ],
    [
      'another tool',
      call,
      step('time', { city: 'Paris', days: 2 }),
      { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 0, F1: 0 },
    ],
    ['a tool that is not there', call, step('fly', {}), { 'Plan.EM': 1, HalluRate: 1, 'Act.EM': 0, F1: 0 }],
    ['no tool', call, 'It is warm.', { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 0, F1: 0 }],
    [
      'an answer in place of a call',
      call,
      finish('warm'),
      { 'Plan.EM': 0, HalluRate: 0, 'Act.EM': 0, F1: 0 },
    ],
    ['giving up in place of a call', call, giveUp, { 'Plan.EM': 0, HalluRate: 0, 'Act.EM': 0, F1: 0 }],
    [
      'no arguments, as wanted',
      step('time', {}),
      step('time', {}),
      { 'Plan.EM': 1, HalluRate: 0, 'Act.EM': 1, F1: 1 },
    ],
    ['giving up, as wanted', giveUp, giveUp, { 'Plan.EM': 1, HalluRate: 0 }],
    // Three of four words in order on both sides: P 3/4, R 3/4.
    [
      'a final answer',
      finish('It is very warm'),
      finish('it is so warm!'),
      { 'Plan.EM': 1, HalluRate: 0, 'R-L': 0.75 },
    ],
    [
      'a call in place of a final answer',
      finish('It is warm'),
      call,
      { 'Plan.EM': 0, HalluRate: 0, 'R-L': 0 },
    ],
  ])('%s', (_, target, answer, wanted) => {
    expect(judge(target, answer)).toEqual(wanted);
  });

  test('a target that calls what is not offered is judged by nothing', () => {
    expect(judge(step('fly', {}), call)).toEqual({});
    expect(judge(step('invalid_hallucination_function_name', {}), call)).toEqual({});
  });
});

test('ROUGE-L counts words, and characters of Chinese', () => {
  expect(rougeL('the cat sat', 'the cat lay down')).toBeCloseTo((2 * 2) / 7, 12);
  // 天 气 好 of 天 气 很 好.
  expect(rougeL('天气好', '天气很好')).toBeCloseTo((2 * 3) / 7, 12);
  expect(rougeL('', '')).toBe(1);
  expect(rougeL('a', '')).toBe(0);
});

test('a row is asked as its conversation, results of tools in their role', () => {
  const history = [
    ...messages,
    { role: 'assistant', content: step('weather', {}) },
    { role: 'function', name: 'weather', content: '20' },
  ];
  const question = evaluator.question({ messages: history, tools, target: finish('20') });
  expect(question.messages?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
  expect(question.prompt).toBe(
    'system: Use tools.\nuser: How warm is Paris?\n' + `assistant: ${step('weather', {})}\ntool: 20`,
  );
});

test.each([
  [{ messages, tools }, /field 'target' is missing/],
  [{ messages, target: 'x' }, /field 'tools' is undefined/],
  [{ messages, tools: ['x'], target: 'x' }, /field 'tools\[0\]' is "x"/],
])('a row of another shape is refused', (row, message) => {
  expect(() => evaluator.question(row)).toThrow(message);
});
