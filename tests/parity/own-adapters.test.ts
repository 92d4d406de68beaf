import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readAdapter } from '../../core/adapter/adapter-files.js';
import { backendOf, fixture, loadCase, parityCase, plugins, readTensors } from '../../parity/cases.js';
import { batchOf, logitsOf, samplesOf } from '../../parity/compute.js';
import { largestDifference, TOLERANCE } from '../../parity/measure.js';
import { ADAPTER_FILES, OWN_ADAPTERS, writeOwnAdapter } from '../../parity/own-adapters.js';

const root = mkdtempSync(join(tmpdir(), 'swift-own-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.each(Object.entries(OWN_ADAPTERS))('the adapter %s', (name, { base }) => {
  const committed = fixture('own-adapters', name);

  test('is written byte for byte as the one that PEFT loaded', async () => {
    await writeOwnAdapter(name, root);
    for (const file of ADAPTER_FILES) {
      expect(readFileSync(join(root, file)).equals(readFileSync(join(committed, file)))).toBe(true);
    }
  });

  test('has the logits that PEFT computes with it', async () => {
    const parity = parityCase(base);
    const { model } = await loadCase(parity);
    const tuner = (await plugins().resolve('tuner', 'lora')).instance;
    await tuner.load!(model, await readAdapter(committed));
    const logits = await logitsOf(model, await backendOf('onnxruntime'), batchOf(samplesOf(parity.oracle)));
    const expected = (await readTensors(join(committed, 'peft.safetensors'))).get('logits')!;
    expect(largestDifference(logits, expected)).toBeLessThanOrEqual(TOLERANCE.logits);
  });
});
