import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeededRandom, sampleIndices, splitRows } from '../../../core/data/index.js';
import { STREAMS } from '../../../core/data/random.js';

test('draws the numbers of the published generator from its state', () => {
  // xoshiro128** from state 1, 2, 3, 4, by hand: rotl(2 * 5, 7) * 9 = 11520, then the state steps to 7, 0, 1026, 12288.
  const random = SeededRandom.restored([1, 2, 3, 4]);
  expect(random.next()).toBe(11520);
  expect(random.state).toEqual([7, 0, 1026, 12288]);
  expect(random.next()).toBe(0);
});

test('the same seed and streams give the same draws, others do not', () => {
  const draws = (...seeds: [number, ...number[]]) => {
    const random = SeededRandom.seeded(...seeds);
    return Array.from({ length: 4 }, () => random.next());
  };
  expect(draws(42)).toEqual(draws(42));
  const all = [draws(42), draws(43), draws(42, 0), draws(42, 1), draws(2 ** 32 + 42), draws(-42)];
  expect(new Set(all.map(String)).size).toBe(all.length);
});

test('no two uses of randomness, nor two draws of one, begin with the same numbers', () => {
  const begin = (random: SeededRandom): string => `${random.next()} ${random.next()}`;
  const uses = Object.keys(STREAMS) as (keyof typeof STREAMS)[];
  const ats: readonly (readonly number[])[] = [
    [],
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i]),
    [1, 0],
    [1, 2],
  ];
  const streams = uses.flatMap((use) => ats.map((at) => SeededRandom.stream(42, use, ...at)));
  expect(new Set(streams.map(begin)).size).toBe(streams.length);
  expect(new Set(Object.values(STREAMS)).size).toBe(uses.length);
});

test('goes on from a saved state', () => {
  const random = SeededRandom.seeded(7);
  random.uniform();
  const again = SeededRandom.restored(random.state);
  expect(again.permutation(20)).toEqual(random.permutation(20));
});

test('uniform and normal have the moments they should', () => {
  const random = SeededRandom.seeded(1);
  const n = 20_000;
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / n;
  const uniform = Array.from({ length: n }, () => random.uniform());
  const normal = Array.from({ length: n }, () => random.normal());
  expect(mean(uniform)).toBeCloseTo(0.5, 1.5);
  expect(Math.max(...uniform)).toBeLessThan(1);
  expect(mean(normal)).toBeCloseTo(0, 1.5);
  expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
});

test('a permutation holds every index once', () => {
  fc.assert(
    fc.property(fc.nat(300), fc.integer(), (size, seed) => {
      const order = [...SeededRandom.seeded(seed).permutation(size)];
      expect(order.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
    }),
  );
});

test('#rows takes whole copies first, then each row at most once more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 200 }), (total, wanted) => {
      const taken = sampleIndices(total, wanted, SeededRandom.seeded(3));
      const counts = Array.from({ length: total }, (_, i) => taken.filter((index) => index === i).length);
      expect(taken.length).toBe(wanted);
      for (const count of counts)
        expect([Math.floor(wanted / total), Math.ceil(wanted / total)]).toContain(count);
    }),
  );
});

test('a split loses and doubles nothing, and leaves something to train on', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      (size, ratio) => {
        const rows = Array.from({ length: size }, (_, i) => i);
        const { train, val } = splitRows(rows, ratio, SeededRandom.seeded(5));
        expect([...train, ...val].sort((a, b) => a - b)).toEqual(rows);
        expect(train.length).toBeGreaterThan(0);
        if (ratio > 0 && size > 1)
          expect(val.length).toBe(Math.max(1, Math.min(size - 1, Math.floor(size * ratio))));
      },
    ),
  );
});
