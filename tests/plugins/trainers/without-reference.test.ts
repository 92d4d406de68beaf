import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectSlopes, objectiveOf, pairs, stepOf, type Answer } from './step.js';

const meanOf = ({ logp }: Answer): number => logp.reduce((sum, value) => sum + value, 0) / logp.length;

test.each([
  ['cpo', {}],
  ['cpo', { label_smoothing: 0.2, alpha: 0.1 }],
  ['cpo', { loss_type: 'hinge', beta: 0.01, cpo_alpha: 0.5 }],
  ['cpo', { loss_type: 'ipo', beta: 0.5 }],
  ['cpo', { loss_type: 'simpo', beta: 1, simpo_gamma: 0.5 }],
  ['simpo', {}],
  ['simpo', { alpha: 0.25, cpo_alpha: 0.3 }],
  ['orpo', { beta: 0.7 }],
])('the gradient of a step is the one of finite differences: %s %j', async (trainer, options) => {
  const objective = await objectiveOf(trainer, options);
  fc.assert(
    fc.property(pairs, (rows) => {
      // The odds of an answer that is all but certain bend too fast for differences.
      fc.pre(rows.flat().every((answer) => meanOf(answer) < -0.2));
      expectSlopes(objective, rows);
    }),
    { numRuns: 40 },
  );
});

/** Means −1 and −2, sums −2 and −4. */
const ROW: readonly Answer[] = [
  { logp: [-1.5, -0.5], reference: [] },
  { logp: [-2, -2], reference: [] },
];

const logistic = (x: number): number => Math.log1p(Math.exp(-x));

test.each([
  ['cpo', { beta: 0.5 }, logistic(1) + 1, 1],
  ['cpo', { beta: 0.25, loss_type: 'hinge', cpo_alpha: 0 }, 0.5, 0.5],
  ['cpo', { beta: 0.25, loss_type: 'ipo', cpo_alpha: 0 }, 1, 0.25], // (1 − 2)²
  ['simpo', {}, logistic(2 * 1 - 1), 2],
  ['simpo', { alpha: 1 }, logistic(2 * (1 - Math.E - (1 - Math.E ** 2)) - 1), 2 * (Math.E ** 2 - Math.E)],
])('by hand: %s %j', async (trainer, options, loss, margin) => {
  const step = stepOf(await objectiveOf(trainer, options), [ROW]);
  expect(step.loss).toBeCloseTo(loss, 6);
  expect(step.metrics['rewards/margins'].sum).toBeCloseTo(margin, 6);
});

test('by hand: orpo', async () => {
  const { loss, metrics } = stepOf(await objectiveOf('orpo', { beta: 0.5 }), [ROW]);
  const odds = (p: number): number => p / (1 - p);
  const ratio = Math.log(odds(Math.exp(-1)) / odds(Math.exp(-2)));
  expect(loss).toBeCloseTo(1 + 0.5 * logistic(ratio), 6);
  expect(metrics.log_odds_chosen.sum).toBeCloseTo(ratio, 6);
  expect(metrics.log_odds_ratio.sum).toBeCloseTo(-logistic(ratio), 6);
  expect(metrics.nll_loss).toEqual({ sum: 1, count: 1 });
});

test('orpo of an answer that is certain is finite', async () => {
  const certain: readonly Answer[] = [
    { logp: [0, 0], reference: [] },
    { logp: [-1], reference: [] },
  ];
  const { loss, cotangents } = stepOf(await objectiveOf('orpo', {}), [certain]);
  expect(Number.isFinite(loss)).toBe(true);
  expect(cotangents[0].every((values) => values.every(Number.isFinite))).toBe(true);
});

test.each([{ loss_type: 'hinge', label_smoothing: 0.1 }, { simpo_gamma: 2 }])(
  'cpo refuses what its loss does not read: %j',
  async (options) => {
    await expect(objectiveOf('cpo', options)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  },
);
