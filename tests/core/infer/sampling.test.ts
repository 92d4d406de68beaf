import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/index.js';
import { pickToken, type SamplingOptions } from '../../../core/infer/sampling.js';

const GREEDY: SamplingOptions = { do_sample: false, temperature: 1, top_p: 1, repetition_penalty: 1 };
const SAMPLE: SamplingOptions = { ...GREEDY, do_sample: true };

/** Share of each token among many draws. */
function shares(logits: readonly number[], options: SamplingOptions): number[] {
  const random = SeededRandom.seeded(3);
  const counts = logits.map(() => 0);
  const draws = 20_000;
  for (let i = 0; i < draws; i++) counts[pickToken(Float32Array.from(logits), [], options, random)]++;
  return counts.map((count) => count / draws);
}

const LOGITS = [Math.log(0.5), Math.log(0.3), Math.log(0.15), Math.log(0.05)];
const random = SeededRandom.seeded(1);

describe('sampling', () => {
  test('greedy takes the likeliest', () =>
    expect(pickToken(Float32Array.of(1, 3, 2), [], GREEDY, random)).toBe(1));

  test('temperature 0 is greedy', () =>
    expect(pickToken(Float32Array.of(1, 3, 2), [], { ...SAMPLE, temperature: 0 }, random)).toBe(1));

  test('temperature 1 draws by probability', () => {
    shares(LOGITS, SAMPLE).forEach((share, i) => expect(share).toBeCloseTo([0.5, 0.3, 0.15, 0.05][i], 1));
  });

  test('a lower temperature sharpens: p^(1/T)', () => {
    const [first] = shares(LOGITS, { ...SAMPLE, temperature: 0.5 });
    expect(first).toBeCloseTo(0.25 / (0.25 + 0.09 + 0.0225 + 0.0025), 1);
  });

  test('top_k keeps k', () => expect(shares(LOGITS, { ...SAMPLE, top_k: 2 }).slice(2)).toEqual([0, 0]));

  test('top_p keeps the likeliest up to that probability, the one that crosses it included', () => {
    const kept = shares(LOGITS, { ...SAMPLE, top_p: 0.6 });
    expect(kept.slice(2)).toEqual([0, 0]);
    expect(kept[0]).toBeCloseTo(0.5 / 0.8, 1);
  });

  test('the repetition penalty divides positive logits of seen tokens and multiplies negative ones', () => {
    const penalty = { ...GREEDY, repetition_penalty: 2 };
    expect(pickToken(Float32Array.of(3, 2), [0], penalty, random)).toBe(1);
    expect(pickToken(Float32Array.of(-1, -1.5), [0], penalty, random)).toBe(1);
  });

  test('the k likeliest are those of a sorted list, equal ones in id order', () => {
    const logits = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(logits, fc.nat(), fc.nat(99), (values, pick, seed) => {
        const top_k = 1 + (pick % values.length);
        const draw = (of: readonly number[], options: SamplingOptions): number =>
          pickToken(Float32Array.from(of), [], options, SeededRandom.seeded(seed));
        const order = values.map((_, id) => id).sort((a, b) => values[b] - values[a] || a - b);
        const kept = order.slice(0, top_k);
        const place = draw(
          kept.map((id) => values[id]),
          SAMPLE,
        );
        expect(draw(values, { ...SAMPLE, top_k })).toBe(kept[place]);
      }),
    );
  });
});
