import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import { microBatches, rowLengths, supervisedTokens } from '../../../core/data/micro-batches.js';

const sample = (length: number): Sample => {
  const ids = Array.from({ length }, (_, i) => i + 1);
  return { input_ids: ids, labels: ids };
};

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
