import { expect, test } from 'vitest';
import { constant } from '../../../core/graph/index.js';
import { gatedDeltaRule } from '../../../core/nn/delta-rule.js';
import { valuesOf } from '../graph/run.js';

const LENGTH = 130;
const WIDTH = 4;

function wave(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin(12.9898 * i + seed));
}

interface Steps {
  readonly queries: readonly number[];
  readonly keys: readonly number[];
  readonly values: readonly number[];
  readonly decay: readonly number[];
  readonly rate: readonly number[];
}

/** The rule as it is defined, one position after the other, in float64. */
function stepByStep({ queries, keys, values, decay, rate }: Steps): { y: number[]; state: number[] } {
  const state = Array.from({ length: WIDTH }, () => new Array<number>(WIDTH).fill(0));
  const at = (rows: readonly number[], t: number): readonly number[] =>
    rows.slice(t * WIDTH, (t + 1) * WIDTH);
  const read = (key: readonly number[]): number[] =>
    state[0].map((_, j) => state.reduce((sum, row, i) => sum + row[j] * key[i], 0));
  const y = decay.flatMap((log, t) => {
    for (const row of state) row.forEach((held, j) => (row[j] = held * Math.exp(log)));
    const key = at(keys, t);
    const known = read(key);
    const change = at(values, t).map((value, j) => rate[t] * (value - known[j]));
    for (const [i, row] of state.entries()) row.forEach((held, j) => (row[j] = held + key[i] * change[j]));
    return read(at(queries, t));
  });
  return { y, state: state.flat() };
}

async function distance(steps: Steps): Promise<number> {
  const vectors = [1, LENGTH, 1, WIDTH];
  const numbers = [1, LENGTH, 1];
  const { y, state } = gatedDeltaRule({
    queries: constant(steps.queries, vectors),
    keys: constant(steps.keys, vectors),
    values: constant(steps.values, vectors),
    decay: constant(steps.decay, numbers),
    rate: constant(steps.rate, numbers),
    state: constant(new Array<number>(WIDTH * WIDTH).fill(0), [1, 1, WIDTH, WIDTH]),
  });
  const [ys, last] = await valuesOf([y, state], new Map());
  const expected = stepByStep(steps);
  const differences = [...ys, ...last].map((value, i) => value - [...expected.y, ...expected.state][i]);
  return Math.max(...differences.map(Math.abs));
}

const STEPS: Steps = {
  queries: wave(LENGTH * WIDTH, 1),
  keys: wave(LENGTH * WIDTH, 2).map((value) => value / 2),
  values: wave(LENGTH * WIDTH, 3),
  decay: wave(LENGTH, 4).map((value) => -Math.abs(value) / 4),
  rate: wave(LENGTH, 5).map(Math.abs),
};

test('in chunks it is what it is step by step', async () => {
  expect(await distance(STEPS)).toBeLessThan(1e-5);
});

test('keys that are all the same, replaced as a whole and kept, cancel nothing away', async () => {
  const same = Array.from({ length: LENGTH * WIDTH }, () => 0.5);
  const steps = { ...STEPS, keys: same, decay: STEPS.decay.map(() => 0), rate: STEPS.rate.map(() => 1) };
  expect(await distance(steps)).toBeLessThan(1e-5);
});
