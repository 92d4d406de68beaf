/** LongRoPE has other frequencies beyond its original length: an answer that grows past it goes on as Transformers' does. */
import { expect, test } from 'vitest';
import { Together } from '../../../parity/together.js';
import { backendOf, loadCase, parityCase } from '../../../parity/cases.js';
import { batchOf, greedyIds, logitsOf } from '../../../parity/compute.js';
import { largestDifference } from '../../../parity/measure.js';

const backend = await backendOf('onnxruntime');

/** 48 greedy ids of Transformers 5.24 after the case's prompt of 7; the original length is 32. */
const GENERATED = [
  ...[
    32, 62, 33, 8, 14, 26, 9, 32, 17, 11, 14, 31, 31, 11, 39, 45, 29, 11, 39, 31, 24, 16, 52, 59, 29, 11, 14,
    31,
  ],
  ...[31, 31, 31, 31, 24, 16, 29, 11, 14, 31, 9, 45, 30, 53, 62, 63, 29, 11, 14, 31],
];

test('greedy ids across the original length', async () => {
  const parity = parityCase('phi3_longrope');
  const { model } = await loadCase(parity);
  expect(await greedyIds(model, backend, [parity.oracle.prompt], 48)).toEqual([GENERATED]);
});

test('logits of each step equal those of the whole, also for rows of other lengths and long prompts', async () => {
  const { model } = await loadCase(parityCase('phi3_longrope'));
  const vocab = model.shape.vocab_size;
  const whole = async (ids: readonly number[]): Promise<Float32Array> => {
    const sample = { input_ids: [...ids], labels: [...ids] };
    return (await logitsOf(model, backend, batchOf([sample]))).subarray(-vocab);
  };
  const engine = new Together(backend, model);
  const text = Array.from({ length: 60 }, (_, i) => 3 + ((i * 7) % 60));
  for (const start of [28, 33, 50]) {
    let logits = await engine.start([text.slice(0, start)]);
    for (let length = start; length < start + 10; length++) {
      expect(largestDifference(logits, await whole(text.slice(0, length)))).toBeLessThan(1e-4);
      logits = await engine.next([text[length]]);
    }
  }
  const rows = [text.slice(0, 31), text.slice(0, 20)];
  await engine.start(rows);
  await engine.next([1, 1]);
  const logits = await engine.next([2, 2]);
  expect(largestDifference(logits.subarray(0, vocab), await whole([...rows[0], 1, 2]))).toBeLessThan(1e-4);
  await engine.release();
});
