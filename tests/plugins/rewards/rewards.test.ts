import { describe, expect, test } from 'vitest';
import { argumentsOf } from '../../../core/config/plugin-arguments.js';
import { pluginOptions } from '../../../core/config/plugin-options.js';
import type { JudgedAnswer } from '../../../core/contracts/reward.js';
import { ExactFloat } from '../../../core/exact-numbers.js';
import { plugins } from '../../../parity/cases.js';

const services = plugins();

interface Given {
  readonly text: string;
  readonly tokens?: number;
  readonly columns?: Readonly<Record<string, unknown>>;
  readonly expected?: string;
}

async function scores(id: string, given: readonly Given[], options: object = {}) {
  const { instance } = await services.resolve('reward', id);
  const declared = { arguments: argumentsOf('reward', services.catalog.find('reward', id)) };
  const answers = given.map(({ text, tokens = 10, columns = {}, expected }): JudgedAnswer => {
    return { asked: { messages: [], columns, expected }, text, tokens, is_whole: true, max_tokens: 100 };
  });
  return instance.score(answers, pluginOptions(declared, options));
}

test('format: thoughts, then an answer, and nothing else', async () => {
  const texts = [
    '<think>a\nb</think>\n<answer>4</answer>',
    '<think>a</think><answer>4</answer> indeed',
    'so <think>a</think><answer>4</answer>',
    '4',
  ];
  expect(
    await scores(
      'format',
      texts.map((text) => ({ text })),
    ),
  ).toEqual([1, 0, 0, 0]);
});

test('react_format: thoughts, then an action with its input', async () => {
  const texts = ['<think>a</think> Action: find\nAction Input: {}', 'Action: find\nAction Input: {}'];
  expect(
    await scores(
      'react_format',
      texts.map((text) => ({ text })),
    ),
  ).toEqual([1, 0]);
});

test('repetition: by the share of n-grams that were there before, in scripts without blanks too', async () => {
  const said = await scores('repetition', [
    { text: 'a b c d e' },
    { text: 'a b c a b c' },
    { text: 'no' },
    { text: '好好好好好' },
    { text: '' },
  ]);
  expect(said).toEqual([-0, (1 - 3 / 4) * -1, 0, (1 - 1 / 3) * -1, 0]);
});

test('soft_overlong: nothing up to the stretch, and −1 at the longest', async () => {
  const given = [40, 50, 75, 100].map((tokens) => ({ text: 'x', tokens }));
  expect(await scores('soft_overlong', given, { soft_cache_length: 50 })).toEqual([0, 0, -0.5, -1]);
  await expect(scores('soft_overlong', given, { soft_cache_length: 100 })).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
  });
});

describe('accuracy', () => {
  test.each([
    ['\\boxed{\\frac{1}{2}}', '0.5'],
    ['so it is $\\frac12$', '1/2'],
    ['<think>3</think><answer>12</answer>', '\\boxed{12}'],
    ['2+2=4\n#### 1,234', '#### 1234'],
    ['\\boxed{2\\sqrt{3}}', '\\sqrt{12}'],
    ['\\boxed{(x+1)^2}', 'x^2+2x+1'],
    ['\\boxed{x = 5}', '5'],
    ['\\boxed{50\\%}', '0.5'],
    ['\\boxed{(1, -2)}', '(1,-2)'],
    ['\\boxed{\\{2, 1\\}}', '\\{1,2\\}'],
    ['\\boxed{5\\text{ cm}}', '5'],
    ['\\boxed{\\frac{\\pi}{4}}', 'pi/4'],
    ['The answer is 42.', '42'],
    ['\\boxed{3.0000001}', '3'],
    ['\\boxed{-\\dfrac{3}{4}}', '-0.75'],
    ['\\boxed{\\text{Monday}}', 'Monday'],
  ])('%s is %s', async (text, solution) => {
    expect(await scores('accuracy', [{ text, columns: { solution } }])).toEqual([1]);
  });

  test.each([
    ['\\boxed{0.33}', '\\frac13'],
    ['\\boxed{(1,2)}', '(2,1)'],
    ['\\boxed{x^2+1}', 'x^2'],
    ['\\boxed{7}', '8'],
    ['nothing here', '8'],
    ['\\boxed{import("fs")}', '1'],
    ['', '1'],
  ])('%s is not %s', async (text, solution) => {
    expect(await scores('accuracy', [{ text, columns: { solution } }])).toEqual([0]);
  });

  test('the right answer may be the one that the row ends with; without any, the row is refused', async () => {
    expect(await scores('accuracy', [{ text: '7', expected: 'It is 7' }])).toEqual([1]);
    const numbers = [new ExactFloat(7), 7n, 7].map((answer) => ({ text: '7', columns: { answer } }));
    expect(await scores('accuracy', numbers)).toEqual([1, 1, 1]);
    const empty = { text: '7', columns: { solution: '', answer: null }, expected: '7' };
    expect(await scores('accuracy', [empty])).toEqual([1]);
    await expect(scores('accuracy', [{ text: '7' }])).rejects.toMatchObject({ code: 'BAD_ROW' });
  });
});

test('cosine: right answers are worth more the shorter, wrong ones less', async () => {
  const columns = { solution: '4' };
  const said = await scores('cosine', [
    { text: '4', tokens: 0, columns },
    { text: '4', tokens: 50, columns },
    { text: '4', tokens: 100, columns },
    { text: '5', tokens: 0, columns },
    { text: '5', tokens: 100, columns },
  ]);
  [1, 0.75, 0.5, -0.5, 0].forEach((expected, i) => expect(said[i]).toBeCloseTo(expected, 6));
});

describe('code', () => {
  const program = (text: string): string => `Here it is:\n\`\`\`js\n${text}\n\`\`\`\n`;
  const columns = { tests: ['add(1, 2) === 3', 'add(-1, 1) === 0'] };

  test('the share of tests that pass', async () => {
    const texts = ['const add = (a, b) => a + b;', 'const add = () => 3;', 'syntax error ('];
    expect(
      await scores(
        'code',
        texts.map((text) => ({ text: program(text), columns })),
      ),
    ).toEqual([1, 0.5, 0]);
  });

  test('a program that does not end, eats memory or wants out comes to nothing', async () => {
    const texts = [
      'while (true);',
      'const all = []; while (true) all.push(new Array(1e6).fill(1));',
      'this.constructor.constructor("return process")().exit(0)',
      'require("fs").writeFileSync("/tmp/out", "x")',
      'process.exit(0)',
    ];
    const given = texts.map((text) => ({ text: program(text), columns }));
    expect(await scores('code', given, { code_time_limit: 1, code_memory_limit: 32 })).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  test.each(['/bin/false', '/nowhere/node'])(
    'what cannot run programs at all is an error, no reward of 0: %s',
    async (path) => {
      const own = process.execPath;
      process.execPath = path;
      try {
        await expect(scores('code', [{ text: program('1'), columns }])).rejects.toThrow(/before it began/);
      } finally {
        process.execPath = own;
      }
    },
  );

  test('a row without tests is refused', async () => {
    await expect(scores('code', [{ text: 'x' }])).rejects.toMatchObject({ code: 'BAD_ROW' });
  });
});
