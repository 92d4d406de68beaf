import { expect, test } from 'vitest';
import type { RawRow } from '../../../core/contracts/row.js';
import { AutoPreprocessor, SeededRandom, loadDataset, splitDataset } from '../../../core/data/index.js';
import type { DatasetSource, LoadOptions } from '../../../core/data/index.js';
import { createJinjaTemplate } from '../../../core/template/index.js';
import { Chatml } from '../../../plugins/templates/chatml.js';
import { encodeHere } from '../../extras/encode-here.js';
import { tinyTokenizer } from '../../extras/tokenizers.js';

const tokenizer = await tinyTokenizer();
const template = new Chatml();

function nested(depth: number): unknown[] {
  let list: unknown[] = [];
  for (let i = 0; i < depth; i++) list = [list];
  return list;
}

const FILES: Record<string, RawRow[]> = {
  'a.jsonl': [
    { query: 'q1', response: 'a1' },
    { query: 'q2', response: '' },
    { query: 'q3', response: 'a very long answer '.repeat(20) },
    { query: 'q4', response: 'a4' },
  ],
  'bad.jsonl': [
    { query: 'q', response: 'a' },
    { query: 'q', response: ['a'] },
  ],
  'twice.jsonl': [
    {
      messages: [
        { role: 'user', content: 'x' },
        { role: 'user', content: 'y' },
        { role: 'assistant', content: 'z' },
      ],
    },
  ],
  'fields.jsonl': [1, 2].map((id) => ({
    messages: [
      { role: 'user', content: `q${id}`, model: null },
      { role: 'assistant', content: 'a', model: 'm' },
    ],
  })),
  'halves.jsonl': [
    { query: '😀', response: 'a' },
    { query: 'q', response: 'cut \ud83d' },
    {
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'a', thinking: '\ude00' },
      ],
    },
  ],
  'deep.jsonl': [
    { query: 'q', response: 'a' },
    { query: 'q', response: 'a', tools: nested(20_000) },
  ],
  'seen.jsonl': [
    { query: '<image>What is it?', response: 'A cat.', images: ['cat.png'] },
    { query: 'q', response: 'a', images: [], videos: null },
    { query: 'q', response: 'a', image: { bytes: new Uint8Array(1) } },
    { query: 'q', response: 'a', objects: [{ bbox: [1, 2, 3, 4] }] },
  ],
  'none.jsonl': [{ query: 'q', response: null }],
  'many.jsonl': Array.from({ length: 50 }, (_, i) => ({ query: `q${i}`, response: `a${i}` })),
};

async function* readRows(path: string) {
  for (const [i, row] of FILES[path].entries()) yield { row, origin: { file: path, line: i + 1 } };
}

const load = (path: string, more: Partial<DatasetSource & LoadOptions> = {}) =>
  loadDataset(
    { name: path, paths: [path], preprocessor: new AutoPreprocessor(), ...more },
    { readRows, random: SeededRandom.seeded(1), ...more },
  );

test('every row read is kept or counted under a reason', async () => {
  const { samples, reports } = await encodeHere([await load('a.jsonl')], template, tokenizer, {
    max_length: 100,
  });
  expect(samples.length).toBe(2);
  expect(String(reports[0])).toBe(
    'a.jsonl: 4 read, 3 taken, 2 kept, 2 dropped (1 without an answer, 1 longer than max_length), truncated 0',
  );
  expect(reports[0].examples).toEqual(['a.jsonl:3: longer than max_length']);
  expect(reports[0].tokens).toBe(samples[0].input_ids.length + samples[1].input_ids.length);
});

test('cut rows are counted', async () => {
  const options = { max_length: 100, truncation_strategy: 'right' } as const;
  const { samples, reports } = await encodeHere([await load('a.jsonl')], template, tokenizer, options);
  expect([samples.length, reports[0].truncated]).toEqual([3, 1]);
});

test('several datasets become one list with a report each', async () => {
  const datasets = [await load('a.jsonl'), await load('many.jsonl', { rows: 7 })];
  const { samples, reports } = await encodeHere(datasets, template, tokenizer);
  expect(reports.map(({ kept }) => kept)).toEqual([3, 7]);
  expect(samples.length).toBe(10);
});

test('a bad row stops with file, line and field, or is dropped and shown', async () => {
  await expect(load('bad.jsonl')).rejects.toThrow(
    /^bad\.jsonl:2: field 'response' is a list of 1; expected a text/,
  );
  const { rows, report } = await load('bad.jsonl', { onBadRow: 'drop' });
  expect(rows.length).toBe(1);
  expect(report.dropped.get('of the wrong shape')).toBe(1);
  expect(report.examples[0]).toMatch(/^bad\.jsonl:2:/);
});

test('fields of messages that say nothing here are counted, and said once', async () => {
  const { report } = await load('fields.jsonl');
  expect(report.unused).toEqual(new Map([['model', 2]]));
  const { reports } = await encodeHere([await load('fields.jsonl')], template, tokenizer);
  expect(String(reports[0])).toBe(
    'fields.jsonl: 2 read, 2 kept, 0 dropped, truncated 0, fields not used: model (2)',
  );
});

test('a row that the template cannot say stops with its place', async () => {
  const dataset = await load('twice.jsonl');
  await expect(encodeHere([dataset], template, tokenizer)).rejects.toThrow(
    /^twice\.jsonl:1: messages\[1\]: template chatml cannot say/,
  );
  await expect(encodeHere([dataset], template, tokenizer, { onBadRow: 'drop' })).rejects.toThrow(
    expect.objectContaining({ code: 'EMPTY_DATASET' }),
  );
});

test('half a character is not learned as another', async () => {
  await expect(load('halves.jsonl')).rejects.toThrow(
    "halves.jsonl:2: field 'messages[1].content' holds half a character",
  );
  const { rows, report } = await load('halves.jsonl', { onBadRow: 'drop' });
  expect([rows.length, report.dropped.get('of the wrong shape')]).toEqual([1, 2]);
  expect(report.examples[1]).toContain("halves.jsonl:3: field 'messages[1].reasoning_content'");
});

test('a row nested without end is refused or counted, and never a crash', async () => {
  await expect(load('deep.jsonl')).rejects.toMatchObject({
    code: 'BAD_ROW',
    message: expect.stringContaining('deep.jsonl:2: the row is too large or too deep'),
  });
  expect((await load('deep.jsonl', { onBadRow: 'drop' })).rows).toHaveLength(1);
});

test('a row that a pattern cannot get through is refused by its line, or dropped and counted', async () => {
  const endless = /^(a+)+$/;
  const stuck = {
    vocabSize: 1,
    specialTokens: {},
    decode: () => '',
    tokenToId: () => 0,
    idToToken: () => 'a',
    encode: (text: string) =>
      text.includes('q2') && endless.test(`${'a'.repeat(60)}b`) ? [] : Array.from(text, () => 1),
  };
  const dataset = await load('many.jsonl', { rows: undefined });
  const few = { ...dataset, rows: dataset.rows.slice(0, 5) };
  await expect(encodeHere([few], template, stuck, { mostTime: 100 })).rejects.toThrow(
    expect.objectContaining({
      code: 'BAD_ROW',
      message: 'many.jsonl:3: The row takes longer than 0.1 s to tokenize.',
    }),
  );
  const { samples, reports } = await encodeHere([few], template, stuck, { mostTime: 100, onBadRow: 'drop' });
  expect([samples.length, reports[0].kept, reports[0].droppedTotal]).toEqual([4, 4, 1]);
});

test('a huge row is too long, and no other', async () => {
  const huge = { query: 'q', response: 'word '.repeat(300_000) };
  FILES['huge.jsonl'] = [huge, { query: 'q', response: 'a' }];
  const dataset = await load('huge.jsonl');
  const { samples, reports } = await encodeHere([dataset], template, tokenizer, { max_length: 2048 });
  expect(samples).toHaveLength(1);
  expect(reports[0].dropped).toEqual(new Map([['longer than max_length', 1]]));
  // Longer than any stack of arguments, and kept.
  const kept = await encodeHere([dataset], template, tokenizer, {});
  expect(kept.samples[0].input_ids.length).toBeGreaterThan(300_000);
  FILES['huge.jsonl'] = [{ query: 'q', response: 'w'.repeat(10_000_001) }];
  const larger = await load('huge.jsonl');
  await expect(encodeHere([larger], template, tokenizer)).rejects.toThrow(
    /^huge\.jsonl:1: The row is a text of/,
  );
});

test("many turns by a checkpoint's own template are too long before their answers are looked for", async () => {
  const turns = Array.from({ length: 20_000 }, () => [
    { role: 'user', content: 'q' },
    { role: 'assistant', content: 'a' },
  ]).flat();
  FILES['turns.jsonl'] = [{ messages: turns }, { query: 'q', response: 'a' }];
  const own = await createJinjaTemplate(tokenizer);
  const { reports } = await encodeHere([await load('turns.jsonl')], own, tokenizer, { max_length: 2048 });
  expect(reports[0].dropped).toEqual(new Map([['longer than max_length', 1]]));
});

test('images and their like are refused, or dropped and counted', async () => {
  const dataset = await load('seen.jsonl');
  await expect(encodeHere([dataset], template, tokenizer)).rejects.toThrow(
    'seen.jsonl:1: The row has images, which this model does not take in.',
  );
  const own = await createJinjaTemplate(tokenizer);
  for (const each of [template, own]) {
    const { samples, reports } = await encodeHere([dataset], each, tokenizer, { onBadRow: 'drop' });
    expect(samples).toHaveLength(1);
    expect(reports[0].dropped).toEqual(new Map([['that cannot be encoded', 3]]));
  }
});

test('nothing left is an error that says why', async () => {
  await expect(load('none.jsonl')).rejects.toThrow(/No rows are left.*1 read.*1 without an answer/);
  const dataset = await load('many.jsonl');
  await expect(encodeHere([dataset], template, tokenizer, { max_length: 3 })).rejects.toThrow(
    /50 longer than max_length/,
  );
});

test('#rows and the split are seeded, and no row is both learned and validated on', async () => {
  const dataset = await load('many.jsonl', { rows: 120 });
  expect((await load('many.jsonl', { rows: 120 })).rows).toEqual(dataset.rows);
  const { train, val } = splitDataset(dataset, 0.2, SeededRandom.seeded(2));
  const lines = (rows: typeof train.rows) => new Set(rows.map(({ origin }) => origin.line));
  expect(train.rows.length + val.rows.length).toBe(120);
  expect(lines(val.rows).size).toBe(10);
  for (const line of lines(val.rows)) expect(lines(train.rows)).not.toContain(line);
});
