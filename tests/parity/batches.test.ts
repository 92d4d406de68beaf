import { describe, expect, test } from 'vitest';
import { collate } from '../../core/data/collate.js';
import { microBatches, rowLengths } from '../../core/data/micro-batches.js';
import { backendOf, loadCase, parityCase } from '../../parity/cases.js';
import { batchOf, gradientsOf, greedyIds, supervisedCount, type Sample } from '../../parity/compute.js';
import { gradientDistance } from '../../parity/measure.js';

const backend = await backendOf('onnxruntime');

/** Samples of several lengths, cut from a case's sequences. */
function samplesOfLengths({ oracle }: ReturnType<typeof parityCase>, lengths: readonly number[]): Sample[] {
  return lengths.map((length, i) => {
    const input_ids = oracle.input_ids[i % 2].slice(i, i + length);
    return { input_ids, labels: input_ids.map((id, t) => (t < 2 ? -100 : id)) };
  });
}

// Beside Llama's kin: windows, ALiBi, experts with latent attention, sinks, and states that forbid packing.
describe.each([
  'llama3',
  'qwen2',
  'llama3_1',
  'gemma3_text',
  'baichuan_13b',
  'deepseek_v3',
  'gpt_oss',
  'mamba',
  'jamba',
])('%s', (id) => {
  const parity = parityCase(id);
  const samples = samplesOfLengths(parity, [5, 17, 9, 12, 3]);
  const supervised = supervisedCount(samples);
  const encoded = samples.map(({ input_ids, labels }) => ({
    input_ids: [...input_ids],
    labels: [...labels],
  }));

  async function trainable() {
    const { model } = await loadCase(parity);
    for (const [, parameter] of model.namedParameters()) parameter.trainable = true;
    return model;
  }

  test('packed, padded and train-loop batches have the loss and gradients of the samples one by one', async () => {
    const model = await trainable();
    const residuals = 'save' as const;
    const apart = await gradientsOf(model, backend, {
      batches: samples.map((sample) => batchOf([sample])),
      supervised,
      residuals,
    });
    const packed = collate([encoded.slice(0, 3), encoded.slice(3)], { seq: 40, pad_token_id: 0 });
    expect(packed.segment_ids).toBeDefined();
    const layouts = [
      ...(model.packs ? [[packed]] : []),
      [batchOf(samples)],
      microBatches(encoded, { lengths: rowLengths(17), padTokenId: 0, packs: model.packs }),
    ];
    for (const batches of layouts) {
      const together = await gradientsOf(model, backend, { batches, supervised, residuals });
      expect(Math.abs(together.loss - apart.loss)).toBeLessThan(1e-6);
      expect(gradientDistance(together.gradients, apart.gradients)).toBeLessThan(1e-5);
    }
  });

  test('loss weights scale each token', async () => {
    const model = await trainable();
    const [sample] = samplesOfLengths(parity, [16]);
    const half = sample.labels.map((label, t) => (t < 9 ? -100 : label));
    const weighted = collate(
      [
        [
          {
            input_ids: [...sample.input_ids],
            labels: [...sample.labels],
            loss_scale: sample.labels.map((_, t) => (t < 9 ? 0 : 1)),
          },
        ],
      ],
      { seq: 16, pad_token_id: 0 },
    );
    const run = (batch: typeof weighted) =>
      gradientsOf(model, backend, { batches: [batch], supervised: 7, residuals: 'save' });
    const [byWeight, byLabel] = [
      await run(weighted),
      await run(batchOf([{ ...sample, labels: half }]) as typeof weighted),
    ];
    expect(byWeight.loss).toBeCloseTo(byLabel.loss, 6);
    expect(gradientDistance(byWeight.gradients, byLabel.gradients)).toBeLessThan(1e-6);
  });
});

test.each(['llama3', 'qwen2', 'llama3_1', 'gemma2', 'deepseek_v3', 'mamba', 'mamba2', 'jamba', 'yuan2'])(
  '%s: prompts of several lengths together give the ids that each gives alone',
  async (id) => {
    const parity = parityCase(id);
    const { model } = await loadCase(parity);
    const prompts = samplesOfLengths(parity, [5, 17, 9, 12, 3]).map(({ input_ids }) => [...input_ids]);
    const together = await greedyIds(model, backend, prompts, 12);
    for (const [row, prompt] of prompts.entries()) {
      const [alone] = await greedyIds(model, backend, [prompt], 12);
      expect(together[row]).toEqual(alone);
    }
  },
);

test('a cache that outgrows its first size gives the ids of one that is large enough at once', async () => {
  const parity = parityCase('llama3');
  const { model } = await loadCase(parity);
  const ids = Array.from({ length: 300 }, (_, i) => 3 + ((i * i + 7 * i) % 60));
  const [whole, grown] = [
    await greedyIds(model, backend, [ids], 4),
    await greedyIds(model, backend, [ids.slice(0, 250)], 50),
  ];
  expect(whole[0]).toHaveLength(4);
  // Continue the grown run's own text without a cache boundary: the last ids must be the same.
  const text = [...ids.slice(0, 250), ...grown[0]];
  const [again] = await greedyIds(model, backend, [text.slice(0, 290)], 10);
  expect(again).toEqual(text.slice(290));
});
