/** Quantized checkpoints: the logits of their widened weights, and what LoRA learns over them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pluginOptions } from '../../core/config/plugin-options.js';
import { SeededRandom } from '../../core/data/random.js';
import { isCodes } from '../../core/graph/index.js';
import type { loadModel } from '../../core/model/load-model.js';
import { weightValues } from '../../core/model/weight-values.js';
import type { CausalLM } from '../../core/nn/index.js';
import { backendOf, fixture, loadCase, plugins, readTensors, type Tensors } from '../../parity/cases.js';
import { batchOf, cachedLogits, gradientsOf, logitsOf, supervisedCount } from '../../parity/compute.js';
import { largestDifference, TOLERANCE } from '../../parity/measure.js';
import { DECODE_TOLERANCE } from '../../parity/proof-decode.js';
import { relativeDifference } from '../../parity/proof.js';

const CASES = readdirSync(fixture('codecs')).sort();
const SAMPLE = 'model.layers.0.self_attn.k_proj.weight';

type Loaded = Awaited<ReturnType<typeof loadModel>>;

function load(id: string, messages: string[] = []): Promise<Loaded> {
  const folder = fixture('codecs', id);
  return loadCase({ folder, oracle: {} }, { messages });
}

function samplesOf({ input_ids }: { input_ids: Float32Array }) {
  const rows = [input_ids.slice(0, 16), input_ids.slice(16)].map((row) => [...row]);
  return rows.map((ids) => ({ input_ids: ids, labels: ids }));
}

const oracleOf = (id: string): Promise<Tensors> =>
  readTensors(join(fixture('codecs', id), 'oracle.safetensors'));
const idsOf = (oracle: Tensors) => ({ input_ids: oracle.get('input_ids')! });

/** Every parameter in float32, as if the checkpoint had been written whole. */
function widen(model: CausalLM): void {
  for (const [, parameter] of model.namedParameters()) parameter.data = weightValues(parameter).slice();
}

async function withLora({ model, loraTargets }: Loaded): Promise<CausalLM> {
  const { instance, meta } = await plugins().resolve('tuner', 'lora');
  const told = { lora_rank: 4, lora_dropout: 0, target_modules: ['all-linear'] };
  await instance.apply(
    model,
    pluginOptions(meta, told, { lora_target_modules: loraTargets }),
    SeededRandom.seeded(3),
  );
  for (const [name, parameter] of model.namedParameters())
    if (name.includes('lora_B')) parameter.data!.forEach((_, i, data) => (data[i] = 0.02 * ((i % 7) - 3)));
  return model;
}

describe.each(CASES)('%s', (id) => {
  test('its weights are the values that its own readers widen them to, and stay codes in memory', async () => {
    const messages: string[] = [];
    const { model } = await load(id, messages);
    const held = new Map(model.namedParameters());
    const linears = [...held].filter(([name]) => /_proj\.weight$/.test(name));
    const coded = linears.filter(([, { format }]) => isCodes(format));
    expect(coded.length).toBeGreaterThanOrEqual(6);
    for (const [, { weight, size }] of coded) {
      const bytes = weight.parts.reduce((sum, { data }) => sum + data.byteLength, 0);
      expect(bytes).toBeLessThan(1.3 * size);
    }
    const expected = (await oracleOf(id)).get(SAMPLE)!;
    expect(largestDifference(weightValues(held.get(SAMPLE)!), expected)).toBeLessThanOrEqual(
      id === 'bnb-int8' ? 1e-7 : 0,
    );
    expect(messages.join('\n')).toMatch(
      /weights: .*\b[678] (gptq int[2348]|awq int4|int4 packed|nf4|fp4|fp8|mxfp4|nvfp4|int8)\b/,
    );
  });

  test('its logits are those of the widened model', async () => {
    const oracle = await oracleOf(id);
    const { model } = await load(id);
    const logits = await logitsOf(model, await backendOf('onnxruntime'), batchOf(samplesOf(idsOf(oracle))));
    expect(largestDifference(logits, oracle.get('logits')!)).toBeLessThanOrEqual(TOLERANCE.logits);
  });

  test('it decodes token by token, with products rounded as those of quantizers are', async () => {
    const oracle = await oracleOf(id);
    const logits = oracle.get('logits')!;
    const [{ input_ids: ids }] = samplesOf(idsOf(oracle));
    const { model } = await load(id);
    const vocabulary = model.shape.vocab_size;
    const rows = await cachedLogits(model, await backendOf('onnxruntime'), { ids, prompt: 8 });
    expect(rows).toHaveLength(ids.length - 7);
    for (const [i, row] of rows.entries()) {
      const expected = logits.subarray((7 + i) * vocabulary, (8 + i) * vocabulary);
      expect(relativeDifference(row, expected)).toBeLessThan(
        /fp[48]|nf4/.test(id) ? 1e-4 : DECODE_TOLERANCE.packed,
      );
    }
  });

  test('LoRA over it has the loss and the gradients of LoRA over the widened model', async () => {
    const samples = samplesOf(idsOf(await oracleOf(id)));
    const step = {
      batches: [batchOf(samples)],
      supervised: supervisedCount(samples),
      residuals: 'save',
    } as const;
    const backend = await backendOf('onnxruntime');
    const [coded, whole] = [await load(id), await load(id)];
    widen(whole.model);
    const found = await gradientsOf(await withLora(coded), backend, step);
    const expected = await gradientsOf(await withLora(whole), backend, step);
    expect(found.loss).toBeCloseTo(expected.loss, 4);
    expect([...found.gradients.keys()]).toEqual([...expected.gradients.keys()]);
    for (const [name, gradient] of expected.gradients)
      expect(largestDifference(found.gradients.get(name)!, gradient), name).toBeLessThan(2e-4);
  });
});
