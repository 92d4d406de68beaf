import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAdapter } from '../../core/adapter/adapter-files.js';
import { loadTokenizer } from '../../core/tokenizer/index.js';
import { backendOf, fixture, plugins, readJson } from '../../parity/cases.js';
import { batchOf, logitsOf } from '../../parity/compute.js';
import { KINDS, load, NEW_TOKENS, TEXT, writeNewTokens } from '../../parity/new-tokens.js';

interface Case {
  readonly ids: readonly number[];
  readonly columns: readonly number[];
  readonly logits: readonly (readonly number[])[];
  readonly from_mean_in_spreads: number;
  readonly files: Readonly<Record<string, string>>;
}
const ORACLE = readJson<{ cases: Record<string, Case> }>(fixture('new-tokens.json'));

const root = mkdtempSync(join(tmpdir(), 'swift-new-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.each(KINDS)('a model with new tokens whose head is %s', (kind) => {
  const folder = join(root, kind);
  const { ids, columns, logits, files, from_mean_in_spreads } = ORACLE.cases[kind];
  beforeAll(() => writeNewTokens(kind, folder), 60_000);

  test('is written byte for byte as the one that transformers and PEFT loaded', () => {
    for (const [name, digest] of Object.entries(files))
      expect(
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
        name,
      ).toBe(digest);
  });

  test('has ids as transformers gives them', async () => {
    for (const name of ['adapter', 'merged'])
      expect((await loadTokenizer(join(folder, name))).encode(TEXT)).toEqual(ids);
  });

  test('has the logits that PEFT and transformers compute: base with adapter, and merged', async () => {
    const based = await load(join(folder, 'base'), NEW_TOKENS);
    const { instance } = await plugins().resolve('tuner', 'lora');
    await instance.load!(based.model, await readAdapter(join(folder, 'adapter')));
    const merged = await load(join(folder, 'merged'));
    for (const { model } of [based, merged]) {
      const rows = model.shape.vocab_size;
      const batch = batchOf([{ input_ids: ids, labels: ids }]);
      const ours = await logitsOf(model, await backendOf('onnxruntime'), batch);
      const differences = logits.flatMap((row, position) =>
        row.map((value, i) => Math.abs(ours[position * rows + columns[i]] - value)),
      );
      expect(Math.max(...differences)).toBeLessThanOrEqual(1e-4);
    }
  });

  test('begins where transformers draws its rows', () => {
    expect(from_mean_in_spreads).toBeLessThan(1e-3);
  });
});
