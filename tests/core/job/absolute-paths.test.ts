import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withAbsolutePaths } from '../../../core/job/absolute-paths.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'swift-')));
const before = process.cwd();
const catalog = { has: (_: string, id: string) => id === 'alpaca-zh' };

beforeAll(() => {
  for (const name of ['rows.jsonl', 'a:b.jsonl', 'alpaca-zh']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'data'));
  process.chdir(folder);
});
afterAll(() => process.chdir(before));

test.each([
  ['rows.jsonl', '/rows.jsonl'],
  ['./rows.jsonl#50', '/rows.jsonl#50'],
  ['a:b.jsonl#5', '/a:b.jsonl#5'],
  ['data:en/zh#3', '/data:en/zh#3'],
])('%s', (given, written) => {
  const args = withAbsolutePaths({ dataset: [given], val_dataset: [given] }, catalog);
  expect(args).toEqual({ dataset: [folder + written], val_dataset: [folder + written] });
});

test('the reference model, where it is a folder or file', () => {
  const args = (ref_model_id_or_path: string | null) => ({ ref_model_id_or_path });
  expect(withAbsolutePaths(args('data'), catalog)).toEqual(args(join(folder, 'data')));
  for (const other of ['owner/name', null])
    expect(withAbsolutePaths(args(other), catalog)).toEqual(args(other));
});

test.each(['alpaca-zh#500', 'HF::rows.jsonl', 'owner/name:en', 'gone.jsonl', '/somewhere/rows.jsonl'])(
  '%s stays',
  (given) => {
    expect(withAbsolutePaths({ dataset: [given], seed: 1 }, catalog)).toEqual({ dataset: [given], seed: 1 });
  },
);
