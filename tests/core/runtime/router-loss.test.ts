import { expect, test } from 'vitest';
import { realTokens } from '../../../core/runtime/batch-inputs.js';
import { routerLoss } from '../../../core/runtime/router-loss.js';

const layer = (probabilities: number[], chosen: number[]) => ({
  probabilities: Float32Array.from(probabilities),
  chosen: Float32Array.from(chosen),
});

test('equally busy experts cost k; one that gets everything costs more', () => {
  // Two layers of four tokens, two experts of four per token.
  const even = layer([1, 1, 1, 1], [2, 2, 2, 2]);
  expect(routerLoss([even, even], 4).loss).toBeCloseTo(2);
  const uneven = layer([3, 1, 0, 0], [4, 4, 0, 0]);
  // 4 · ((8/8)·(3/4) + (8/8)·(1/4)) = 4
  expect(routerLoss([uneven, uneven], 4).loss).toBeCloseTo(4);
});

test('the gradient is that of finite differences', () => {
  const layers = [layer([2, 1, 1], [3, 3, 2]), layer([1, 2, 1], [1, 4, 3])];
  const { loss, gradient } = routerLoss(layers, 4);
  gradient.forEach((slope, expert) => {
    const moved = layer([...layers[0].probabilities], [...layers[0].chosen]);
    moved.probabilities[expert] += 0.5;
    expect((routerLoss([moved, layers[1]], 4).loss - loss) / 0.5).toBeCloseTo(slope, 6);
  });
});

test('padding is no token, whether rows hold one sample or several', () => {
  const ids = (...values: number[]) => Int32Array.from(values);
  const base = { batch: 2, seq: 4, input_ids: new Int32Array(8), labels: new Int32Array(8), samples: [] };
  const position_ids = ids(0, 1, 2, 0, 0, 0, 0, 0);
  expect([...realTokens({ ...base, position_ids })]).toEqual([1, 1, 1, 0, 1, 0, 0, 0]);
  const packed = {
    ...base,
    position_ids: ids(0, 1, 0, 1, 0, 0, 1, 0),
    segment_ids: ids(1, 1, 2, 2, 1, 2, 2, 0),
  };
  expect([...realTokens(packed)]).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
});
