import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/index.js';
import { FRACTION, resizeAcross, resizeDown, type ResizePlan } from '../../../core/kernels/index.js';
import { plainAcross, plainDown, type Rows } from '../../../core/kernels/resize-plain.js';

/** Any weights that sum to one, negative ones among them, over windows of any odd or even width. */
function randomPlan(from: number, to: number, random: SeededRandom): ResizePlan {
  const taps = 1 + random.below(Math.min(9, from));
  const plan = {
    starts: new Int32Array(to),
    counts: new Int32Array(to),
    weights: new Int32Array(to * taps),
    taps,
  };
  for (let i = 0; i < to; i++) {
    const count = (plan.counts[i] = 1 + random.below(taps));
    // Windows move on, as those of pictures do.
    plan.starts[i] = Math.floor((i * (from - taps)) / Math.max(1, to - 1));
    let left = 2 ** FRACTION;
    for (let tap = 0; tap < count; tap++) {
      const weight = tap === count - 1 ? left : random.below(2 ** FRACTION) - 2 ** (FRACTION - 2);
      plan.weights[i * taps + tap] = Math.max(-(2 ** FRACTION), Math.min(2 ** FRACTION, weight));
      left -= weight;
    }
  }
  return plan;
}

function randomRows(width: number, height: number, random: SeededRandom): Rows {
  return { width, height, data: Uint8Array.from({ length: width * height * 3 }, () => random.below(256)) };
}

const side = fc.integer({ min: 1, max: 40 });

test('WebAssembly and JavaScript give the same bytes', () => {
  fc.assert(
    fc.property(side, side, side, fc.nat(), (width, height, made, seed) => {
      const random = SeededRandom.seeded(seed);
      const rows = randomRows(width, height, random);
      const wider = randomPlan(width, made, random);
      const across = new Uint8Array(made * height * 3);
      plainAcross(rows, wider, across);
      expect(resizeAcross(rows, wider)).toEqual(across);
      const higher = randomPlan(height, made, random);
      const down = new Uint8Array(made * width * 3);
      plainDown(rows, higher, down);
      expect(resizeDown(rows, higher)).toEqual(down);
    }),
  );
});

test.each([
  ['in several bands', 1500, 2100],
  ['rows that are too long for the memory', 900_000, 3],
])('%s', (_, width, height) => {
  const random = SeededRandom.seeded(7);
  const rows = randomRows(width, height, random);
  const narrower = randomPlan(width, 61, random);
  const across = new Uint8Array(61 * height * 3);
  plainAcross(rows, narrower, across);
  expect(Buffer.compare(resizeAcross(rows, narrower), across)).toBe(0);
  const lower = randomPlan(height, 3 * height, random);
  const down = new Uint8Array(width * 3 * height * 3);
  plainDown(rows, lower, down);
  expect(Buffer.compare(resizeDown(rows, lower), down)).toBe(0);
});
