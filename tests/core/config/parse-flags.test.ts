import { expect, test } from 'vitest';
import { parseFlags } from '../../../core/config/parse-flags.js';

const parse = (...argv: string[]) => {
  const { positional, flags } = parseFlags(argv);
  return [positional, Object.fromEntries(flags)];
};

test.each([
  [['run.yaml', '--a', '1'], ['run.yaml'], { a: ['1'] }],
  [['--list', 'x', 'y', '--flag'], [], { list: ['x', 'y'], flag: [] }],
  [['--lora-rank=8', '--lora_alpha', '16'], [], { lora_rank: ['8'], lora_alpha: ['16'] }],
  [['--regex=a=b|c=d', '--empty='], [], { regex: ['a=b|c=d'], empty: [''] }],
  [['--text', 'two\nlines', '--more=two\nlines'], [], { text: ['two\nlines'], more: ['two\nlines'] }],
  [['--steps', '-1', '--rate', '-.5', '--file', '-'], [], { steps: ['-1'], rate: ['-.5'], file: ['-'] }],
  [['-v', '--dataset=a', 'b'], [], { v: [], dataset: ['a', 'b'] }],
])('%j', (argv, positional, flags) => {
  expect(parse(...argv)).toEqual([positional, flags]);
});

test('a flag twice is refused, however it is written', () => {
  expect(() => parse('--lora-rank', '8', '--lora_rank', '9')).toThrow('--lora_rank is given twice');
});
