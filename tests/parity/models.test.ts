import { describe, expect, test } from 'vitest';
import { backendOf, loadCase, parityCase, parityCases, readTensors } from '../../parity/cases.js';
import { cachedLogits } from '../../parity/compute.js';
import { fullGradients, largestDifference, measureCase, TOLERANCE } from '../../parity/measure.js';

const onnxruntime = await backendOf('onnxruntime');
const reference = await backendOf('reference');

function expectParity({
  logits,
  padded,
  loss,
  gradients,
  generated,
  asked,
}: Awaited<ReturnType<typeof measureCase>>) {
  expect(logits).toBeLessThanOrEqual(TOLERANCE.logits);
  expect(padded).toBeLessThanOrEqual(TOLERANCE.logits);
  expect(loss).toBeLessThanOrEqual(TOLERANCE.loss);
  expect(gradients).toBeLessThanOrEqual(TOLERANCE.gradients);
  expect(generated).toBe(asked);
}

describe('logits, loss, gradients and greedy ids equal those of Transformers', () => {
  test.each(parityCases())('$id on onnxruntime', async (parity) => {
    expectParity(await measureCase(parity, onnxruntime));
  });

  test.each(['llama2', 'qwen2', 'rope_yarn'])('%s on the reference backend', async (id) => {
    expectParity(await measureCase(parityCase(id), reference));
  });
});

describe('on onnxruntime', () => {
  test.each(['llama3_1', 'qwen2', 'head_dim'])(
    '%s: gradient checkpointing and a second run change no bit',
    async (id) => {
      const parity = parityCase(id);
      const { model } = await loadCase(parity);
      const saved = await fullGradients(model, onnxruntime, parity, 'save');
      const again = await fullGradients(model, onnxruntime, parity, 'save');
      const recomputed = await fullGradients(model, onnxruntime, parity, 'recompute');
      expect(again).toEqual(saved);
      expect(recomputed).toEqual(saved);
    },
  );

  test.each(['llama3', 'llama3_1', 'smollm2', 'qwen2_5'])(
    '%s: logits with a key/value cache equal those without',
    async (id) => {
      const parity = parityCase(id);
      const { model } = await loadCase(parity);
      const ids = parity.oracle.input_ids[0];
      const whole = (await readTensors(`${parity.folder}/oracle.safetensors`)).get('logits')!;
      const { vocab_size: vocab } = model.shape;
      const prompt = 5;
      const rows = await cachedLogits(model, onnxruntime, { ids, prompt });
      for (const [i, row] of rows.entries()) {
        const at = (prompt - 1 + i) * vocab;
        expect(largestDifference(row, whole.subarray(at, at + vocab))).toBeLessThanOrEqual(TOLERANCE.logits);
      }
    },
  );
});
