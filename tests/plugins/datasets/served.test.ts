/** Every set of preferences, rewards, agents, classes, ranks and likeness, from the local hub's rows to standard rows. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import type { RawRow, StandardRow } from '../../../core/contracts/row.js';
import { askedOf } from '../../../core/data/asked-row.js';
import { HuggingFaceHub } from '../../../core/hub/hugging-face-hub.js';
import { ModelScopeHub } from '../../../core/hub/model-scope-hub.js';
import { loadDatasets } from '../../../core/sdk/datasets.js';
import { services as composed } from '../../../core/sdk/default-services.js';
import { writeHubDatasets } from '../../../local-hub/content.js';
import { startHub, type LocalHub } from '../../../local-hub/server.js';

interface Served {
  /** An id, perhaps with a subset or view. */
  readonly dataset: string;
  /** The first file that is read, in its repository. */
  readonly file: string;
  /** Rows that are asked, and those among them that have an answer to learn. */
  readonly rows: number;
  readonly learned: number;
  readonly first: StandardRow;
  /** Columns that the plugin adds for rewards. */
  readonly added?: RawRow;
}

const TABLE = readFileSync(new URL('../../fixtures/datasets/standard-rows.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Served);

const folder = mkdtempSync(join(tmpdir(), 'swift-served-'));
const services = composed();
const { catalog } = services.plugins;
let server: LocalHub;

beforeAll(async () => {
  await writeHubDatasets(join(folder, 'root'));
  server = await startHub({ root: join(folder, 'root') });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function load(dataset: string, { useHf = true, questions = true, columns = true } = {}) {
  const log = { info: () => undefined, warn: () => undefined };
  const hubs = {
    hf: new HuggingFaceHub({ env: { HF_ENDPOINT: server.url, HF_HUB_CACHE: join(folder, 'hf') }, log }),
    ms: new ModelScopeHub({
      env: { MODELSCOPE_ENDPOINT: server.url, MODELSCOPE_CACHE: join(folder, 'ms') },
      log,
    }),
  };
  const options = {
    ...commandLine('sft', ['--dataset', dataset, '--dataset_test_ratio', '0']),
    ...{ questions, columns },
  };
  const { train } = await loadDatasets(options, { ...services, log, hubs, useHf });
  return train.flatMap(({ rows }) => rows.map(({ row }) => row));
}

/** As text; bytes of a picture as what its file begins with. */
const text = (value: unknown): string =>
  JSON.stringify(value).replaceAll(/\{"type":"Buffer","data":\[137,80,78,71,[\d,]*\]\}/g, '"PNG"');

const withoutColumns = ({ columns: _, ...row }: StandardRow): StandardRow => row;

describe.each(TABLE)('$dataset', ({ dataset, rows, learned, first, added }) => {
  test('becomes these rows, under its id and its repositories, from both hubs', async () => {
    const [id, subset] = dataset.split(':');
    const { hf, ms } = catalog.find('dataset', id);
    const isFirst = catalog.list('dataset').find((one) => one.hf === hf && one.ms === ms)?.id === id;
    const names = isFirst ? [id, hf, ms].filter((name) => name !== undefined) : [id];
    for (const name of names) {
      for (const useHf of [true, false]) {
        const read = await load(subset === undefined ? name : `${name}:${subset}`, { useHf });
        expect(read).toHaveLength(rows);
        expect(text(withoutColumns(read[0]))).toBe(JSON.stringify(first));
        if (added) expect(read[0].columns).toMatchObject(added);
      }
    }
  });

  test('rows without an answer are dropped where answers are learned', async () => {
    const loading = load(dataset, { questions: false, columns: false });
    if (learned === 0) await expect(loading).rejects.toThrow(/without an answer/);
    else expect(await loading).toHaveLength(learned);
  });
});

test.each([
  ...['gsm8k', 'competition-math', 'math-lighteval', 'math-trn-format', 'mathr', 'mathr-32b-distill'],
  ...['numinamath-cot', 'numinamath-tir', 'numinamath-1.5', 'dapo-math-17k-processed'],
  ...['geometry3k', 'clevr-cogen-a-train', 'chartqa-digit-r1v-format', 'multimodal-open-r1-8k-verified'],
])('accuracy tells right answers to %s from wrong ones', async (dataset) => {
  const [row] = await load(dataset);
  const asked = askedOf(row);
  const numbers = asked.expected!.replace(/^[^]*(?:####|boxed|<answer>)/, '').match(/\d+/g)!;
  const judged = { asked, tokens: 1, is_whole: true, max_tokens: 100 };
  const answers = [`It is ${numbers[0]}.`, `It is ${numbers[0]}1.`].map((said) => ({
    ...judged,
    text: said,
  }));
  const { instance } = await services.plugins.resolve('reward', 'accuracy');
  expect(await instance.score(answers, {})).toEqual([1, 0]);
});

test('none is left out', () => {
  const tags = [
    'rlhf',
    'dpo',
    'hfrl',
    'kto',
    'grpo',
    'rlvr',
    'rl',
    'agent',
    'classification',
    'rerank',
    'similarity',
  ];
  const wanted = catalog.list('dataset').filter((one) => one.tags?.some((tag) => tags.includes(tag)));
  // Those of images are in media.test.ts.
  const served = new Set([...TABLE.map(({ dataset }) => dataset.split(':')[0]), 'mind2web']);
  expect(wanted.map(({ id }) => id).filter((id) => !served.has(id))).toEqual([]);
});

test('a way to make rows stands alone, and is named where none is found', async () => {
  await expect(load('stsb:reg/generate')).rejects.toMatchObject({
    code: 'BAD_ARGUMENT',
    cure: ['Name it as a dataset of its own: --dataset stsb:reg stsb:generate.'],
  });
  await expect(load('stsb:regg')).rejects.toMatchObject({
    cure: [expect.stringContaining("'reg'"), 'It has: default, positive, generate, reg.'],
  });
});
