import { expect, test } from 'vitest';
import { addEmbeddingNoise } from '../../../core/runtime/embedding-noise.js';

test('by hand: α/√(L·D) of each sample, none at padding', () => {
  // Two samples of 1 and 4 tokens in a row of 6, width 4: 6/√4 and 6/√16.
  const hidden = new Float32Array(24).fill(1);
  const samples = [
    { start: 0, length: 1 },
    { start: 1, length: 4 },
  ];
  addEmbeddingNoise(hidden, { batch: 1, seq: 6, samples }, { alpha: 6, uniform: () => 0.75 });
  expect([...hidden]).toEqual([
    ...new Array<number>(4).fill(1 + 0.5 * 3),
    ...new Array<number>(16).fill(1 + 0.5 * 1.5),
    ...new Array<number>(4).fill(1),
  ]);
});

test('reaches from −1 to 1', () => {
  const hidden = new Float32Array(2);
  const draws = [0, 1 - 2 ** -32];
  const noise = { alpha: 1, uniform: () => draws.shift()! };
  addEmbeddingNoise(hidden, { batch: 1, seq: 1, samples: [{ start: 0, length: 1 }] }, noise);
  expect(hidden[0]).toBeCloseTo(-Math.SQRT1_2, 6);
  expect(hidden[1]).toBeCloseTo(Math.SQRT1_2, 6);
});
