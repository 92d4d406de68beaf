import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IGNORE_INDEX } from '../../../core/contracts/template.js';
import { bucketLadder, collate, packSamples, roundUpToBucket } from '../../../core/data/index.js';

const lengths = fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 60 });

describe('packing', () => {
  test('puts every sample into exactly one row that holds it', () => {
    fc.assert(
      fc.property(lengths, fc.integer({ min: 64, max: 200 }), (sizes, capacity) => {
        const rows = packSamples(sizes, capacity);
        expect(rows.flat().sort((a, b) => a - b)).toEqual(sizes.map((_, i) => i));
        for (const row of rows)
          expect(row.reduce((sum, i) => sum + sizes[i], 0)).toBeLessThanOrEqual(capacity);
      }),
    );
  });

  test('chooses the row that is left fullest', () => {
    expect(packSamples([6, 5, 4, 5], 10)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  test('refuses a sample longer than a row', () => {
    expect(() => packSamples([3, 11], 10)).toThrow(/11 tokens.*max_length = 10/);
  });
});

describe('collating', () => {
  const sample = (length: number, base: number) => {
    const input_ids = Array.from({ length }, (_, i) => base + i);
    return { input_ids, labels: input_ids };
  };

  test('restarts positions and numbers segments within a row, and clears what a boundary would predict', () => {
    const batch = collate([[sample(3, 10), sample(2, 20)], [sample(4, 30)]], { seq: 6, pad_token_id: 9 });
    expect({ ...batch, batch: batch.batch }).toEqual({
      batch: 2,
      seq: 6,
      input_ids: Int32Array.of(10, 11, 12, 20, 21, 9, 30, 31, 32, 33, 9, 9),
      labels: Int32Array.of(-100, 11, 12, -100, 21, -100, -100, 31, 32, 33, -100, -100),
      position_ids: Int32Array.of(0, 1, 2, 0, 1, 0, 0, 1, 2, 3, 0, 0),
      segment_ids: Int32Array.of(1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 0, 0),
      samples: [
        { start: 0, length: 3 },
        { start: 3, length: 2 },
        { start: 6, length: 4 },
      ],
    });
  });

  test('padding is never supervised, even where the pad token is the stop token', () => {
    const batch = collate([[{ input_ids: [1, 2, 9], labels: [IGNORE_INDEX, 2, 9] }]], {
      seq: 5,
      pad_token_id: 9,
    });
    expect([...batch.labels]).toEqual([-100, 2, 9, -100, -100]);
    expect(batch.segment_ids).toBeUndefined();
  });

  test('weights go along, 1 where a sample brings none', () => {
    const weighted = { input_ids: [1, 2], labels: [1, 2], loss_scale: [0.5, 2] };
    const batch = collate([[weighted], [sample(2, 5)]], { seq: 3, pad_token_id: 0 });
    expect([...batch.loss_weights!]).toEqual([0.5, 2, 1, 1, 1, 1]);
  });

  test('packing and collating lose no token', () => {
    fc.assert(
      fc.property(lengths, (sizes) => {
        const samples = sizes.map((length, i) => sample(length, 1 + 100 * i));
        const batch = collate(
          packSamples(sizes, 64).map((row) => row.map((i) => samples[i])),
          {
            seq: 64,
            pad_token_id: 0,
            packed: true,
          },
        );
        const kept = [...batch.input_ids].filter((_, t) => batch.segment_ids![t] > 0);
        expect(kept.sort((a, b) => a - b)).toEqual(samples.flatMap(({ input_ids }) => input_ids));
      }),
    );
  });
});

test('buckets ascend to the longest length and hold every length', () => {
  expect(bucketLadder(200)).toEqual([32, 48, 64, 96, 128, 192, 200]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), (longest, length) => {
      const ladder = bucketLadder(longest);
      expect([...ladder].sort((a, b) => a - b)).toEqual(ladder);
      const bucket = roundUpToBucket(length, ladder);
      expect(bucket).toBeGreaterThanOrEqual(length);
      if (length <= longest) expect(bucket).toBeLessThanOrEqual(longest);
    }),
  );
});
