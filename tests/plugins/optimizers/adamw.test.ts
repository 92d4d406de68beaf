import { expect, test } from 'vitest';
import { AdamW } from '../../../plugins/optimizers/adamw.js';

const OPTIONS = { adam_beta1: 0.9, adam_beta2: 0.95, adam_epsilon: 1e-8, weight_decay: 0.1 };

function parameter(name: string, value: number) {
  const of = (one: number) => Float32Array.of(one, -one);
  return { name, data: of(value), grad: of(0.5), slots: [of(0), of(0)], decay: true } as const;
}

test('a parameter that begins late is updated as the first time, and begins anew after it was gone', () => {
  const late = new AdamW();
  const first = parameter('first', 1);
  late.step([first], 0.1, OPTIONS);
  late.step([first], 0.1, OPTIONS);
  const second = parameter('second', 2);
  late.step([first, second], 0.1, OPTIONS);

  const alone = new AdamW();
  const twin = parameter('second', 2);
  alone.step([twin], 0.1, OPTIONS);
  expect(second.data).toEqual(twin.data);

  late.step([first], 0.1, OPTIONS);
  expect([...late.state().keys()]).toEqual(['step', 'exp_avg.first', 'exp_avg_sq.first']);
  const again = { ...second, data: Float32Array.of(2, -2), slots: parameter('second', 0).slots };
  late.step([first, again], 0.1, OPTIONS);
  expect(again.data).toEqual(twin.data);
});

test('what began late goes on bit for bit from its state', () => {
  const [whole, cut] = [new AdamW(), new AdamW()];
  const run = (optimizer: AdamW, steps: number, of: ReturnType<typeof parameter>[]): void => {
    for (let i = 0; i < steps; i++) optimizer.step(of, 0.1, OPTIONS);
  };
  const ones = [parameter('a', 1), parameter('b', 2)];
  const twos = [parameter('a', 1), parameter('b', 2)];
  for (const [optimizer, of] of [
    [whole, ones],
    [cut, twos],
  ] as const) {
    run(optimizer, 2, of.slice(0, 1));
    run(optimizer, 2, of);
  }
  expect(cut.state().get('began.b')).toEqual(Float32Array.of(2));
  const resumed = new AdamW();
  resumed.load(
    cut.state(),
    new Map([
      ['a', 2],
      ['b', 2],
    ]),
  );
  run(whole, 3, ones);
  run(
    resumed,
    3,
    twos.map((one) => ({ ...one, slots: parameter(one.name, 0).slots })),
  );
  expect(twos.map(({ data }) => data)).toEqual(ones.map(({ data }) => data));
});

test.each([[3], [4], [-1], [0.5]])('a beginning of %d at step 3 is damage', (began) => {
  const optimizer = new AdamW();
  const one = parameter('a', 1);
  for (let i = 0; i < 3; i++) optimizer.step([one], 0.1, OPTIONS);
  const state = optimizer.state().set('began.a', Float32Array.of(began));
  expect(() => new AdamW().load(state, new Map([['a', 2]]))).toThrow(/'began\.a' is/);
});
