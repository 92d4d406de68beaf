import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectSlopes, objectiveOf, pairs, stepOf, type Answer } from './step.js';

/** Every loss, with what it takes to say something. */
const CASES: readonly (readonly [name: string, options: object])[] = [
  ['sigmoid', {}],
  ['sigmoid, smoothed', { label_smoothing: 0.2 }],
  ['hinge', { loss_type: ['hinge'] }],
  ['ipo', { loss_type: ['ipo'] }],
  ['robust', { loss_type: ['robust'], label_smoothing: 0.2 }],
  ['exo_pair', { loss_type: ['exo_pair'], label_smoothing: 0.2 }],
  ['exo_pair by default', { loss_type: ['exo_pair'] }],
  ['discopop', { loss_type: ['discopop'], discopop_tau: 0.5 }],
  ['sigmoid_norm', { loss_type: ['sigmoid_norm'] }],
  ['bco_pair', { loss_type: ['bco_pair'] }],
  ['sppo_hard', { loss_type: ['sppo_hard'] }],
  ['nca_pair', { loss_type: ['nca_pair'] }],
  ['apo_zero', { loss_type: ['apo_zero'] }],
  ['apo_down', { loss_type: ['apo_down'] }],
  ['aot', { loss_type: ['aot'], label_smoothing: 0.1 }],
  ['aot_unpaired', { loss_type: ['aot_unpaired'], label_smoothing: 0.1 }],
  ['sft', { loss_type: ['sft'] }],
  ['several', { loss_type: ['sigmoid', 'bco_pair', 'sft'], loss_weights: [0.8, 0.2, 0.5] }],
  ['rpo', { rpo_alpha: 0.3 }],
  ['length-desensitized', { ld_alpha: 0.3 }],
  ['length-desensitized ipo and cross entropy', { loss_type: ['ipo', 'sft'], ld_alpha: 0.3 }],
  ['forward KL', { f_divergence_type: 'forward_kl' }],
  ['Jensen-Shannon', { f_divergence_type: 'js_divergence', loss_type: ['ipo'] }],
  ['α-divergence', { f_divergence_type: 'alpha_divergence', f_alpha_divergence_coef: 0.7 }],
  ['without a reference', { reference_free: true }],
];

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const ratioOf = ({ logp, reference }: Answer): number => sumOf(logp) - sumOf(reference);

/** No two ranks change, and no hinge is passed, within the moves of finite differences. */
function isSmooth(rows: readonly (readonly [Answer, Answer])[]): boolean {
  const apart = (values: readonly number[]): boolean =>
    values.every((one, i) => values.every((other, j) => i === j || Math.abs(one - other) > 0.02));
  const margins = rows.map(([better, worse]) => sumOf(better.logp) - sumOf(worse.logp));
  const hinges = rows.map(([better, worse]) => 0.3 * (ratioOf(better) - ratioOf(worse)));
  return (
    apart(margins) &&
    apart(rows.map(([better]) => ratioOf(better))) &&
    apart(rows.map(([, worse]) => ratioOf(worse))) &&
    hinges.every((one) => Math.abs(one - 1) > 0.02)
  );
}

test.each(CASES)('the gradient of a step is the one of finite differences: %s', async (_, options) => {
  const objective = await objectiveOf('dpo', { beta: 0.3, ...options });
  fc.assert(
    fc.property(pairs, (rows) => {
      fc.pre(isSmooth(rows));
      expectSlopes(objective, rows);
    }),
    { numRuns: 40 },
  );
});

/** The answers are as likely as to the reference; the chosen one has two tokens of log-probability −1.5 each. */
const EVEN: readonly [Answer, Answer] = [
  { logp: [-1.5, -1.5], reference: [-2, -1] },
  { logp: [-2], reference: [-2] },
];

test.each([
  ['sigmoid', Math.LN2],
  ['hinge', 1],
  ['ipo', 1], // (0 − 1/(2·0.5))²
  ['robust', Math.LN2], // (¾·ln 2 − ¼·ln 2)/(1 − ½)
  ['exo_pair', 0.5 * Math.log(0.5 / 0.75) + 0.5 * Math.log(0.5 / 0.25)],
  ['discopop', (Math.LN2 + 1) / 2],
  ['sigmoid_norm', Math.LN2],
  ['bco_pair', 2 * Math.LN2],
  ['sppo_hard', 2], // (0 − 1)² + (0 + 1)²
  ['nca_pair', 2 * Math.LN2],
  ['apo_zero', 1],
  ['apo_down', 1],
  ['aot', Math.LN2],
  ['aot_unpaired', Math.LN2],
  ['sft', 1.5],
])('by hand, where nothing is preferred: %s', async (name, value) => {
  const smoothing = { robust: 0.25, exo_pair: 0.25 }[name] ?? 0;
  const objective = await objectiveOf('dpo', { beta: 0.5, loss_type: [name], label_smoothing: smoothing });
  const { loss, metrics } = stepOf(objective, [EVEN]);
  expect(loss).toBeCloseTo(value, 10);
  expect(metrics['rewards/margins'].sum).toBe(0);
});

test('by hand: β·R = ½·(1 − (−1)) = 1, and several losses are their weighted sum', async () => {
  const row: readonly [Answer, Answer] = [
    { logp: [-1, -1], reference: [-2, -1] },
    { logp: [-3, -1], reference: [-2, -1] },
  ];
  const lossOf = async (options: object) =>
    stepOf(await objectiveOf('dpo', { beta: 0.5, ...options }), [row]);
  const { loss, metrics } = await lossOf({});
  expect(loss).toBeCloseTo(Math.log(1 + Math.exp(-1)), 10);
  expect(metrics).toMatchObject({
    'rewards/chosen': { sum: 0.5, count: 1 },
    'rewards/rejected': { sum: -0.5, count: 1 },
    'rewards/accuracies': { sum: 1, count: 1 },
    'logps/chosen': { sum: -2, count: 1 },
  });
  const mixed = await lossOf({ loss_type: ['hinge', 'sft'], loss_weights: [2, 0.5] });
  expect(mixed.loss).toBeCloseTo(0.5, 10);
  expect(mixed.metrics.nll_loss).toEqual({ sum: 1, count: 1 });
  const longer = await lossOf({ ld_alpha: 0.5 });
  expect(longer.loss).toBeCloseTo(loss, 10);
});

test('aot pairs what has the same rank, whichever pair it came from', async () => {
  const single = (logp: number, reference: number): Answer => ({ logp: [logp], reference: [reference] });
  const rows: readonly (readonly Answer[])[] = [
    [single(-1, -3), single(-2, -1)], // margin 1, reference −2
    [single(-4, -1), single(-1, -4)], // margin −3, reference 3
  ];
  const lossOf = async (name: string) =>
    stepOf(await objectiveOf('dpo', { beta: 1, loss_type: [name] }), rows).loss;
  const logistic = (x: number): number => Math.log1p(Math.exp(-x));
  expect(await lossOf('aot')).toBeCloseTo(logistic(1 - 3) + logistic(-3 + 2), 10);
  // Log-ratios: chosen 2 and −3, rejected −1 and 3.
  expect(await lossOf('aot_unpaired')).toBeCloseTo(logistic(2 - 3) + logistic(-3 + 1), 10);
});

describe('is refused', () => {
  test.each([
    [{ loss_type: ['hinge'], label_smoothing: 0.1 }, /--label_smoothing: --loss_type hinge does not read it/],
    [{ discopop_tau: 0.1 }, /--discopop_tau/],
    [{ loss_type: ['sigmoid', 'sft'], loss_weights: [1] }, /1 numbers for 2/],
    [{ loss_weights: [0] }, /nothing is learned/],
    [{ loss_type: [] }, /names no loss/],
    [{ loss_type: ['apo_zero'], f_divergence_type: 'forward_kl' }, /apo_zero has no such form/],
    [{ f_alpha_divergence_coef: 0.7 }, /reverse_kl has none/],
    [{ loss_type: ['sigmod'] }, /is not one of sigmoid/],
  ])('%j', async (options, message) => {
    await expect(objectiveOf('dpo', options)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(message) as string,
    });
  });
});
