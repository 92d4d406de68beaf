import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadCase, parityCase } from '../../parity/cases.js';

const root = mkdtempSync(join(tmpdir(), 'swift-bind-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The weights of one parity case under the config.json of another. */
function crossed(weights: string, config: string) {
  const folder = join(root, `${weights}-${config}`);
  cpSync(parityCase(weights).folder, folder, { recursive: true });
  cpSync(join(parityCase(config).folder, 'config.json'), join(folder, 'config.json'));
  const warnings: string[] = [];
  return { warnings, load: () => loadCase(parityCase(config), { folder, warnings }) };
}

test('a tensor of another shape is an error that names both shapes', async () => {
  await expect(crossed('llama2', 'llama3').load()).rejects.toMatchObject({
    code: 'SHAPE_MISMATCH',
    message: expect.stringMatching(/k_proj\.weight' is \[32,32\], config\.json asks for \[16,32\]/),
  });
});

test('a missing tensor is an error that names it', async () => {
  await expect(crossed('qwen2', 'qwen2_5').load()).rejects.toMatchObject({
    code: 'MISSING_WEIGHT',
    message: expect.stringContaining("'lm_head.weight'"),
  });
});

test('tensors that belong nowhere are reported in one line', async () => {
  const { warnings, load } = crossed('attention_bias', 'llama3');
  await load();
  expect(warnings.filter((text) => text.includes('tensors belong to no part'))).toEqual([
    expect.stringMatching(/8 tensors .*_proj\.bias/),
  ]);
});

test('an output head beside tied embeddings is not reported: it is the embedding', async () => {
  const { warnings, load } = crossed('qwen2_5', 'qwen2');
  await load();
  expect(warnings.filter((text) => text.includes('tensors belong'))).toEqual([]);
});
