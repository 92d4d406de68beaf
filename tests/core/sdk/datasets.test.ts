import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import type { Hub } from '../../../core/contracts/hub.js';
import { loadDatasets } from '../../../core/sdk/datasets.js';
import { services } from '../../../core/sdk/swift.js';

/** A cache that holds more than one run asked for, as a snapshot of a repository does. */
const cache = mkdtempSync(join(tmpdir(), 'swift-subsets-'));
for (const path of ['common-zh/train.jsonl', 'common-en/train.jsonl', 'common-en/test.jsonl']) {
  mkdirSync(dirname(join(cache, path)), { recursive: true });
  writeFileSync(join(cache, path), `{"query":"${path}","response":"x"}\n`);
}
const hub: Hub = { snapshot: () => Promise.resolve(cache) };

async function queries(dataset: string, extra: object = {}): Promise<string[]> {
  const options = { ...commandLine('sft', ['--dataset', dataset, '--dataset_test_ratio', '0']), ...extra };
  const { train } = await loadDatasets(options, { ...services(), hubs: { hf: hub, ms: hub } });
  return train.flatMap(({ rows }) => rows.map(({ row }) => row.messages[0].content));
}

test.each(['sharegpt', 'owner/name'])('%s: a subset reads its own files only', async (id) => {
  expect(await queries(`${id}:common-en`)).toEqual(['common-en/train.jsonl']);
  expect(await queries(`${id}:common-zh/common-en`)).toHaveLength(2);
});

test('a subset that does not exist is named, with the nearest one', async () => {
  await expect(queries('sharegpt:common-fr')).rejects.toMatchObject({
    message: expect.stringContaining("no subset 'common-fr'") as string,
    cure: [expect.stringContaining("'common-en'"), expect.stringContaining('computer-zh')],
  });
  await expect(queries('owner/name:nosuch')).rejects.toThrow("no subset 'nosuch'");
});

test('rows without an answer are kept where rows are asked', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'swift-questions-')), 'questions.jsonl');
  const rows = [
    '{"query":"a"}',
    '{"instruction":"b","input":"c"}',
    '{"messages":[{"role":"user","content":"d"}]}',
  ];
  writeFileSync(file, [...rows, '{"text":"e"}', '{"query":"f","response":""}'].join('\n'));
  expect(await queries(file, { questions: true })).toEqual(['a', 'b\nc', 'd', 'e', 'f']);
  await expect(queries(file)).rejects.toThrow(/questions\.jsonl:1/);
});
