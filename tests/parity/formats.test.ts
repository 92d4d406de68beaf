import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { writeCheckpoint } from '../../core/io/checkpoint.js';
import { loadModel } from '../../core/model/load-model.js';
import { weightValues } from '../../core/model/weight-values.js';
import type { CausalLM } from '../../core/nn/index.js';
import { backendOf, fixture, loadCase, parityCase, plugins, readTensors } from '../../parity/cases.js';
import { batchOf, logitsOf, samplesOf } from '../../parity/compute.js';
import { largestDifference, TOLERANCE } from '../../parity/measure.js';

const root = mkdtempSync(join(tmpdir(), 'swift-formats-'));
afterAll(() => rmSync(root, { recursive: true }));

const parity = parityCase('qwen2_5');

/** Values that both 16-bit formats hold exactly. */
const coarse = (values: Float32Array): Float32Array => values.map((value) => Math.round(value * 16) / 16);

/** The case with coarse weights, in a folder of its own. */
async function written(name: string, options: { dtype: 'F32' | 'F16' | 'BF16'; maxShardBytes?: number }) {
  const folder = join(root, name);
  cpSync(parity.folder, folder, { recursive: true });
  rmSync(join(folder, 'model.safetensors'));
  const { model } = await loadCase(parity);
  const tensors = [...model.namedParameters()].map(([tensor, parameter]) => ({
    name: tensor,
    dtype: options.dtype,
    shape: parameter.shape,
    data: coarse(weightValues(parameter)),
  }));
  return { folder, files: await writeCheckpoint(folder, tensors, options) };
}

function valuesOf(model: CausalLM): Map<string, Float32Array> {
  return new Map([...model.namedParameters()].map(([name, parameter]) => [name, weightValues(parameter)]));
}

describe('one model in several weight files', () => {
  test.each([
    ['float16', { dtype: 'F16' }, 1],
    ['bfloat16', { dtype: 'BF16' }, 1],
    ['shards', { dtype: 'F32', maxShardBytes: 20_000 }, 5],
    ['bfloat16-shards', { dtype: 'BF16', maxShardBytes: 10_000 }, 5],
  ] as const)('%s loads to the same values', async (name, options, files) => {
    const expected = valuesOf((await loadCase(parity)).model);
    const checkpoint = await written(name, options);
    expect(checkpoint.files.length).toBeGreaterThanOrEqual(files);
    const values = valuesOf((await loadCase(parity, { folder: checkpoint.folder })).model);
    expect([...values.keys()]).toEqual([...expected.keys()]);
    for (const [tensor, data] of expected) expect(values.get(tensor)).toEqual(coarse(data));
  });

  test('GGUF with Q8_0 and float32 weights has the logits of its dequantized weights', async () => {
    const twin = parityCase('llama3');
    const warnings: string[] = [];
    const { model } = await loadModel(
      { model_id_or_path: fixture('gguf', 'llama3.gguf'), template_type: 'llama3', use_hf: true },
      {
        plugins: plugins(),
        hub: { snapshot: () => Promise.reject(new Error('a local file needs no hub')) },
        log: { info: () => {}, warn: (message) => void warnings.push(message) },
      },
    );
    expect(warnings).toEqual([]);
    const logits = await logitsOf(model, await backendOf('onnxruntime'), batchOf(samplesOf(twin.oracle)));
    const expected = await readTensors(fixture('gguf', 'oracle.safetensors'));
    expect(largestDifference(logits, expected.get('logits')!)).toBeLessThanOrEqual(TOLERANCE.logits);
    const original = valuesOf((await loadCase(twin)).model);
    for (const name of ['model.embed_tokens.weight', 'model.layers.1.mlp.down_proj.weight']) {
      expect(valuesOf(model).get(name)).toEqual(original.get(name));
    }
  });
});
