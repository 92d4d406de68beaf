import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import type { Hub } from '../../../core/contracts/hub.js';
import { loadDatasets } from '../../../core/sdk/datasets.js';
import { services } from '../../../core/sdk/default-services.js';

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

describe('a folder gives its training files', () => {
  const folderOf = (files: Record<string, string>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'swift-folder-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return folder;
  };
  const row = (query: string): string => JSON.stringify({ query, response: 'x' });
  const of = (...paths: string[]): string =>
    folderOf(Object.fromEntries(paths.map((path) => [path, row(path)])));
  const card = (configs: string, ...paths: string[]): string => {
    const folder = of(...paths);
    writeFileSync(join(folder, 'README.md'), `---\nlicense: mit\n${configs}\n---\n# Set\n`);
    return folder;
  };

  test.each<[name: string, paths: string[], taken: string[]]>([
    ['beside others', ['test.jsonl', 'train.jsonl', 'validation.jsonl'], ['train.jsonl']],
    ['in folders', ['dev/a.jsonl', 'train/a.jsonl', 'train/b.jsonl'], ['train/a.jsonl', 'train/b.jsonl']],
    [
      'of shards',
      ['train-00000-of-00001.jsonl', 'eval_0.jsonl', 'dump.jsonl'],
      ['train-00000-of-00001.jsonl'],
    ],
    ['without a name', ['a.jsonl', 'pretrain.jsonl', 'x.test.jsonl'], ['a.jsonl', 'pretrain.jsonl']],
    ['by the name of a file first', ['test/train.jsonl', 'test/b.jsonl'], ['test/train.jsonl']],
  ])('%s', async (_, paths, taken) => {
    expect(await queries(of(...paths))).toEqual(taken);
  });

  test('what is left out is said', async () => {
    const said: string[] = [];
    const log = { info: (text: string) => void said.push(text), warn: () => undefined };
    const folder = of('train.jsonl', 'test.jsonl');
    const options = commandLine('sft', ['--dataset', folder, '--dataset_test_ratio', '0']);
    await loadDatasets(options, { ...services(), log });
    expect(said.join()).toContain("not of the split 'train' or of another subset: test.jsonl");
    await expect(queries(of('test.jsonl'))).rejects.toMatchObject({
      code: 'EMPTY_DATASET',
      cure: ['It has: test.jsonl. Name a file itself to read it.'],
    });
    await expect(queries(folderOf({ 'README.md': '' }))).rejects.toMatchObject({ code: 'EMPTY_DATASET' });
  });

  test.each<[configs: string, subset: string, taken: string[]]>([
    ['configs:\n- config_name: default\n  data_files: data/used.jsonl', '', ['data/used.jsonl']],
    ['configs:\n- config_name: x\n  data_files: ["data/u*.jsonl"]', '', ['data/used.jsonl']],
    [
      'configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/{raw,used}.jsonl\n  - split: test\n    path: data/*',
      '',
      ['data/raw.jsonl', 'data/used.jsonl'],
    ],
    ['configs:\n- config_name: default\n  data_files: {train: "**/used.*"}', '', ['data/used.jsonl']],
    [
      'configs:\n- config_name: b\n  data_dir: data\n- config_name: a\n  data_dir: en\n  default: true',
      '',
      ['en/a.jsonl'],
    ],
    ['configs:\n- config_name: a\n  data_dir: data\n- config_name: b\n  data_dir: en', ':b', ['en/a.jsonl']],
    ['size: 5', ':en', ['en/a.jsonl']],
  ])('as its card says: %s%s', async (configs, subset, taken) => {
    const folder = card(configs, 'data/raw.jsonl', 'data/used.jsonl', 'en/a.jsonl', 'content-zh/a.jsonl');
    expect(await queries(folder + subset)).toEqual(taken);
  });

  test.each([
    [
      'configs:\n- config_name: a\n  data_dir: x\n- config_name: b\n  data_dir: y',
      /several subsets.*none is named/,
    ],
    ['configs: 5', /README\.md has 'configs' that are no list/],
    ['configs:\n- config_name: a\n  data_files: 5', /'configs\[0\]\.data_files' that is not a path/],
    ['configs: [', /README\.md does not begin with YAML/],
    [
      'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]',
      /YAML/,
    ],
  ])('a card that cannot be followed is refused: %s', async (configs, message) => {
    await expect(queries(card(configs, 'a.jsonl'))).rejects.toThrow(message);
  });

  test('of a repository, the card is read before the files are fetched', async () => {
    const folder = card(
      'configs:\n- config_name: default\n  data_files: data/used.jsonl',
      'data/raw.jsonl',
      'data/used.jsonl',
    );
    const asked: string[][] = [];
    const stored = ['README.md', 'data/raw.jsonl', 'data/used.jsonl'];
    const carded: Hub = {
      snapshot: ({ accept }) => {
        asked.push(stored.filter((path) => accept?.(path) ?? true));
        return Promise.resolve(folder);
      },
    };
    const options = commandLine('sft', ['--dataset', 'me/set', '--dataset_test_ratio', '0']);
    await loadDatasets(options, { ...services(), hubs: { hf: carded, ms: carded } });
    expect(asked).toEqual([['README.md'], ['data/used.jsonl']]);
  });
});

test('a file with a colon in its name is a file, with #rows too', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'swift-colon-')), 'part:one.jsonl');
  writeFileSync(file, '{"query":"a","response":"x"}\n{"query":"b","response":"x"}\n');
  expect(await queries(file)).toEqual(['a', 'b']);
  expect(await queries(`${file}#1`)).toHaveLength(1);
});

test('a file without rows says so', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'swift-empty-')), 'empty.jsonl');
  writeFileSync(file, '');
  await expect(queries(file)).rejects.toThrow(`There are no rows in ${file}.`);
});
