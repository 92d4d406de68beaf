/** Every family, merged and fully tuned: what is written is what the base said, but for the values that changed. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { SeededRandom } from '../../core/data/random.js';
import { openCheckpoint } from '../../core/io/checkpoint.js';
import { openSafetensors } from '../../core/io/safetensors/index.js';
import { weightValues } from '../../core/model/weight-values.js';
import { writeModelFolder } from '../../core/model/write-model.js';
import type { LoadedModel } from '../../core/model/load-model.js';
import { fixture, loadCase, parityCases, plugins, readJson, type ParityCase } from '../../parity/cases.js';
import { LORA } from '../../parity/lora-options.js';

const root = mkdtempSync(join(tmpdir(), 'swift-written-'));
afterAll(() => rmSync(root, { recursive: true }));

async function merged(loaded: LoadedModel): Promise<void> {
  const { instance: tuner } = await plugins().resolve('tuner', 'lora');
  await tuner.apply(loaded.model, LORA, SeededRandom.seeded(1));
  for (const [name, { data }] of loaded.model.namedParameters())
    if (name.includes('lora_B')) data!.fill(0.01);
  tuner.merge!(loaded.model);
}

async function tuned({ model }: LoadedModel): Promise<void> {
  for (const [, parameter] of model.namedParameters()) {
    // As training does: values in float32, whatever the file has.
    const values = weightValues(parameter).slice();
    values[0] += 0.01;
    parameter.data = values;
  }
  return Promise.resolve();
}

/** The case in 16 bits, as most are published. */
async function halved(parity: ParityCase): Promise<string> {
  const folder = mkdtempSync(join(root, `${parity.id}-`));
  await writeModelFolder(folder, await loadCase(parity, { weights: { dtype: 'bf16' } }));
  return folder;
}

/** What a config says beside the type of its weights and whether the head is the embedding. */
function ownLines(config: string): string[] {
  return config
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => !/^"((torch_)?dtype|tie_word_embeddings)"/.test(line));
}

const WAYS = { tuned, merged };

/** What scripts/fixtures/written_models.py saw Transformers load. */
const ORACLE = readJson<{ loaded: Record<string, string>; remote: string[] }>(fixture('written-models.json'));

test('Transformers was asked about every case', () => {
  const asked = [...Object.keys(ORACLE.loaded), ...ORACLE.remote].sort();
  expect(asked).toEqual(parityCases().map(({ id }) => id));
});

describe.each(parityCases().map((parity) => [parity.id, parity] as const))('%s', (_, parity) => {
  test.each(['merged', 'tuned'] as const)('%s', { timeout: 30_000 }, async (way) => {
    const folder = await halved(parity);
    const loaded = await loadCase(parity, { folder });
    await WAYS[way](loaded);
    const written = mkdtempSync(join(root, 'written-'));
    await writeModelFolder(written, loaded);

    const text = (at: string, file: string): string => readFileSync(join(at, file), 'utf8');
    expect(text(written, 'config.json')).toBe(text(folder, 'config.json'));
    expect(ownLines(text(folder, 'config.json'))).toEqual(ownLines(text(parity.folder, 'config.json')));
    expect(text(written, 'generation_config.json')).toBe(text(folder, 'generation_config.json'));
    if (!ORACLE.remote.includes(parity.id)) {
      const digest = createHash('sha256').update(text(written, 'config.json')).digest('hex');
      expect(digest, 'the config.json that Transformers loaded').toBe(ORACLE.loaded[parity.id]);
    }
    expect(text(written, 'tokenizer.json')).toBe(text(folder, 'tokenizer.json'));

    const [base, made] = [
      await openCheckpoint(folder),
      await openSafetensors(join(written, 'model.safetensors')),
    ];
    expect(made.names().sort()).toEqual(base.names().sort());
    let changed = 0;
    for (const name of made.names()) {
      expect({ name, ...made.info(name), offset: 0 }).toMatchObject({
        name,
        dtype: 'BF16',
        shape: base.info(name).shape,
      });
      const [old, now] = [await base.read(name), await made.read(name)];
      if (Buffer.compare(old, now) !== 0) changed++;
    }
    expect(changed).toBeGreaterThan(0);
    if (way === 'merged') expect(changed).toBeLessThan(made.names().length);
    await base.close();
    await made.close();
    await loadCase(parity, { folder: written });
  });
});
