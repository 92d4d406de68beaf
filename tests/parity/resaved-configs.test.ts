/** Configs as Transformers 5 writes them make the model that the published config makes. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isIgnored } from '../../core/model/ignored-tensors.js';
import {
  backendOf,
  fixture,
  loadCase,
  parityCase,
  plugins,
  readJson,
  readTensors,
} from '../../parity/cases.js';
import { batchOf, logitsOf, samplesOf } from '../../parity/compute.js';
import { largestDifference, TOLERANCE } from '../../parity/measure.js';

const root = mkdtempSync(join(tmpdir(), 'swift-resaved-'));
afterAll(() => rmSync(root, { recursive: true }));
const backend = await backendOf('onnxruntime');
const { configs } = readJson<{ configs: Record<string, object> }>(fixture('resaved-configs.json'));

describe.each(Object.entries(configs))('%s', (id, config) => {
  test('has the same logits', async () => {
    const parity = parityCase(id);
    const folder = mkdtempSync(join(root, id));
    for (const name of readdirSync(parity.folder).filter((file) => file.startsWith('model')))
      copyFileSync(join(parity.folder, name), join(folder, name));
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const { model } = await loadCase(parity, { folder });
    const logits = await logitsOf(model, backend, batchOf(samplesOf(parity.oracle)));
    const expected = (await readTensors(join(parity.folder, 'oracle.safetensors'))).get('logits')!;
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    expect(largestDifference(logits, expected) / scale).toBeLessThanOrEqual(TOLERANCE.logits);
  });
});

test("the decays that Transformers saves with MiniMax's layers are of no use", async () => {
  const { meta } = await plugins().resolve('model', 'minimax-text-01');
  for (const buffer of ['slope_rate', 'query_decay', 'key_decay', 'diagonal_decay'])
    expect(isIgnored(`model.layers.0.self_attn.${buffer}`, {}, meta.ignored_tensors)).toBe(true);
  expect(isIgnored('model.layers.0.self_attn.decay', {}, meta.ignored_tensors)).toBe(false);
});
