import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../core/contracts/template.js';
import { MemoryPlan } from '../../../core/data/data-plan.js';
import type { SampleSet } from '../../../core/data/encode-dataset.js';
import type { LoadedRow } from '../../../core/data/source.js';
import { StreamPlan, type SampleStream } from '../../../core/data/stream-plan.js';

const sample = (length: number): Sample => {
  const ids = Array.from({ length }, (_, i) => i + 1);
  return { input_ids: ids, labels: ids };
};
const lengthsOf = (samples: readonly Sample[]): number[] => samples.map(({ input_ids }) => input_ids.length);

/** Rows that become samples of these lengths, those of 0 tokens none. */
class Rows implements SampleStream {
  readonly longest = 64;
  passes = 0;
  private readonly rows: readonly LoadedRow[];

  constructor(
    private readonly lengths: readonly number[],
    private readonly size: number,
  ) {
    this.rows = lengths.map((_, line) => ({ row: { messages: [] }, origin: { file: 'rows', line } }));
  }

  async window(_epoch: number, window: number): Promise<readonly LoadedRow[] | undefined> {
    const rows = this.rows.slice(window * this.size, (window + 1) * this.size);
    return rows.length > 0 ? rows : undefined;
  }

  async *encoded(rows: readonly LoadedRow[]): AsyncGenerator<Sample | undefined> {
    for (const { origin } of rows)
      yield this.lengths[origin.line] > 0 ? sample(this.lengths[origin.line]) : undefined;
  }

  endPass(): void {
    this.passes++;
  }

  async release(): Promise<void> {}

  get set(): Required<SampleSet> {
    const places = this.lengths.flatMap((length, i) => (length > 0 ? [i] : []));
    return {
      samples: places.map((place) => sample(this.lengths[place])),
      places,
      rows: this.lengths.length,
    };
  }
}

describe('over samples in memory', () => {
  const samples = Array.from({ length: 10 }, (_, i) => sample(i + 1));
  const plan = new MemoryPlan({ samples }, { samplesPerStep: 4, seed: 5 });
  const at = (step: number): number[] => lengthsOf(plan.at(step).samples);

  test('an epoch sees every sample once; its last step may be smaller', () => {
    expect(plan.stepsPerEpoch).toBe(3);
    const steps = [0, 1, 2].map(at);
    expect(steps.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(steps.flat().sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([0, 1, 2].map((step) => plan.at(step).endsEpoch)).toEqual([false, false, true]);
  });

  test('epochs differ in order; a step is the same whenever it is asked for', () => {
    const again = new MemoryPlan({ samples }, { samplesPerStep: 4, seed: 5 });
    expect(again.at(4)).toEqual(plan.at(4));
    const order = (epoch: number): number[] => [0, 1, 2].flatMap((step) => at(3 * epoch + step));
    expect(order(0)).not.toEqual(order(1));
  });

  test('rows that gave no sample leave no gap, and do not change the order of the others', () => {
    const lengths = Array.from({ length: 40 }, (_, i) => i + 1);
    const whole = new MemoryPlan(new Rows(lengths, 40).set, { samplesPerStep: 40, seed: 5 });
    const some = lengths.map((length) => (length % 3 === 0 ? 0 : length));
    const part = new MemoryPlan(new Rows(some, 40).set, { samplesPerStep: 40, seed: 5 });
    const left = lengthsOf(whole.at(0).samples).filter((length) => length % 3 > 0);
    expect(lengthsOf(part.at(0).samples)).toEqual(left);
  });

  test('packing makes rows of several samples, none lost', () => {
    const packed = new MemoryPlan({ samples }, { packing: 20, samplesPerStep: 1, seed: 5 });
    expect(packed.rows).toBe(3);
    const seen = Array.from({ length: packed.stepsPerEpoch }, (_, step) => packed.at(step).samples).flat();
    expect(lengthsOf(seen).sort((a, b) => a - b)).toEqual(lengthsOf(samples));
  });
});

/** Lengths of rows, some of 0 tokens. */
const LENGTHS = fc
  .array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 })
  .filter((lengths) => lengths.some((length) => length > 0));
const OPTIONS = fc.record({
  samplesPerStep: fc.integer({ min: 1, max: 7 }),
  seed: fc.nat(),
  packing: fc.constantFrom(undefined, 24),
});

describe('over a stream', () => {
  test('a set that fits into a window is seen step by step as in memory, in every pass', async () => {
    await fc.assert(
      fc.asyncProperty(LENGTHS, OPTIONS, async (lengths, options) => {
        const rows = new Rows(lengths, lengths.length);
        const memory = new MemoryPlan(rows.set, options);
        const stream = new StreamPlan(rows, options);
        for (let step = 0; step < 2 * memory.stepsPerEpoch + 1; step++) {
          const [expected, seen] = [memory.at(step), await stream.at(step)];
          expect(seen.samples).toEqual(expected.samples);
          expect(seen.endsEpoch).toBe(expected.endsEpoch);
          if (step + 1 >= memory.stepsPerEpoch) expect(seen.epoch).toBeCloseTo(expected.epoch, 10);
        }
        expect(stream.stepsPerEpoch).toBe(memory.stepsPerEpoch);
      }),
    );
  });

  test('each pass sees every sample once, window after window', async () => {
    await fc.assert(
      fc.asyncProperty(LENGTHS, fc.integer({ min: 1, max: 9 }), OPTIONS, async (lengths, size, options) => {
        const plan = new StreamPlan(new Rows(lengths, size), options);
        const kept = lengths.filter((length) => length > 0).sort((a, b) => a - b);
        let step = 0;
        for (const pass of [1, 2]) {
          const seen: number[] = [];
          for (let ends = false; !ends; step++) {
            const said = await plan.at(step);
            seen.push(...lengthsOf(said.samples));
            ends = said.endsEpoch;
            if (ends) expect(said.epoch).toBe(pass);
          }
          expect(seen.sort((a, b) => a - b)).toEqual(kept);
        }
      }),
    );
  });

  test('going on from any cursor is counting on', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...[LENGTHS, fc.integer({ min: 1, max: 9 }), OPTIONS, fc.integer({ min: 0, max: 12 })],
        async (lengths, size, options, stop) => {
          const whole = new StreamPlan(new Rows(lengths, size), options);
          let cursor;
          for (let step = 0; step <= stop; step++) cursor = (await whole.at(step)).cursor;
          const resumed = new StreamPlan(new Rows(lengths, size), options, cursor);
          for (let step = stop + 1; step < stop + 6; step++)
            expect(await resumed.at(step)).toEqual(await whole.at(step));
        },
      ),
    );
  });

  test('the last step may be asked for again', async () => {
    const plan = new StreamPlan(new Rows([1, 2, 3], 2), { samplesPerStep: 2, seed: 1 });
    expect(await plan.at(0)).toBe(await plan.at(0));
  });
});
