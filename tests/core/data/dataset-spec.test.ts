import { expect, test } from 'vitest';
import { parseDatasetSpec } from '../../../core/data/index.js';

test.each([
  ['alpaca-zh', { id: 'alpaca-zh', isPath: false, subsets: [] }],
  ['alpaca-zh#500', { id: 'alpaca-zh', rows: 500 }],
  ['HF::tatsu-lab/alpaca', { hub: 'hf', id: 'tatsu-lab/alpaca', isPath: false }],
  [
    'ms::swift/sharegpt:common-zh/common-en#20',
    { hub: 'ms', id: 'swift/sharegpt', subsets: ['common-zh', 'common-en'], rows: 20 },
  ],
  ['./my data/train.jsonl#3', { id: './my data/train.jsonl', isPath: true, rows: 3 }],
  ['train.jsonl', { id: 'train.jsonl', isPath: true }],
  ['/data/a#b.jsonl', { id: '/data/a#b.jsonl', isPath: true }],
  ['C:\\data\\x.csv:sub', { id: 'C:\\data\\x.csv', isPath: true, subsets: ['sub'] }],
  ['../folder', { id: '../folder', isPath: true }],
])('%s', (text, expected) => {
  expect(parseDatasetSpec(text)).toMatchObject({ text, ...expected });
});

test.each([['#5'], ['a#'], ['a#5oo'], ['a#0'], ['a:'], ['a:x//y'], ['HF::']])(
  '%s is refused with the form',
  (text) => {
    expect(() => parseDatasetSpec(text)).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT', cure: [expect.stringContaining('[HF::|MS::]')] }),
    );
  },
);

test('what stands before the rows is kept whole: a file may have a colon in its name', () => {
  expect(parseDatasetSpec('a:b.jsonl')).toMatchObject({ whole: 'a:b.jsonl', id: 'a' });
  expect(parseDatasetSpec('./x/part:1#20')).toMatchObject({ whole: './x/part:1', rows: 20 });
});
