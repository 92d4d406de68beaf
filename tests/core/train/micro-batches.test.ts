import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import { DataPlan } from '../../../core/train/data-plan.js';
import { microBatches, rowLengths, supervisedTokens } from '../../../core/train/micro-batches.js';

const sample = (length: number): Sample => {
  const ids = Array.from({ length }, (_, i) => i + 1);
  return { input_ids: ids, labels: ids };
};
const lengthsOf = (samples: readonly Sample[]): number[] => samples.map(({ input_ids }) => input_ids.length);

const LENGTHS = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 12 });

describe('micro-batches', () => {
  test('hold every token once, within rows of the allowed lengths', () => {
    fc.assert(
      fc.property(LENGTHS, fc.boolean(), (lengths, packs) => {
        const samples = lengths.map(sample);
        const allowed = rowLengths(Math.max(...lengths));
        const batches = microBatches(samples, { lengths: allowed, padTokenId: 0, packs });
        for (const { seq } of batches) expect(allowed).toContain(seq);
        if (!packs) expect(batches).toHaveLength(lengths.length);
        const tokens = batches.reduce(
          (sum, { input_ids }) => sum + input_ids.filter((id) => id > 0).length,
          0,
        );
        expect(tokens).toBe(lengths.reduce((sum, length) => sum + length, 0));
        // The first token of a sample is never predicted.
        const supervised = batches.reduce((sum, batch) => sum + supervisedTokens(batch), 0);
        expect(supervised).toBe(lengths.reduce((sum, length) => sum + length - 1, 0));
      }),
      { numRuns: 50 },
    );
  });

  test('a run has few row lengths', () => expect(rowLengths(2048).length).toBeLessThan(16));
});

describe('the data plan', () => {
  const samples = Array.from({ length: 10 }, (_, i) => sample(i + 1));
  const plan = new DataPlan({ samples, batchSize: 2, accumulation: 2, seed: 5 });

  test('an epoch sees every sample once; its last step may be smaller', () => {
    expect(plan.stepsPerEpoch).toBe(3);
    const steps = [0, 1, 2].map((step) => plan.samplesAt(step));
    expect(steps.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(lengthsOf(steps.flat()).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('epochs differ in order; a step is the same whenever it is asked for', () => {
    const again = new DataPlan({ samples, batchSize: 2, accumulation: 2, seed: 5 });
    expect(again.samplesAt(4)).toEqual(plan.samplesAt(4));
    const order = (epoch: number): number[] =>
      [0, 1, 2].flatMap((step) => lengthsOf(plan.samplesAt(3 * epoch + step)));
    expect(order(0)).not.toEqual(order(1));
  });

  test('packing makes rows of several samples, none lost', () => {
    const packed = new DataPlan({ samples, packing: 20, batchSize: 1, accumulation: 1, seed: 5 });
    expect(packed.rows).toBe(3);
    const seen = Array.from({ length: packed.stepsPerEpoch }, (_, step) => packed.samplesAt(step)).flat();
    expect(lengthsOf(seen).sort((a, b) => a - b)).toEqual(lengthsOf(samples));
  });
});
