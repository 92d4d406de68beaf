import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { policyLoss, type PolicyLossOptions } from '../../../plugins/trainers/_policy-loss.js';
import { objectiveOf } from './step.js';

const options = (changes: Partial<PolicyLossOptions> = {}): PolicyLossOptions => ({
  loss_type: 'grpo',
  importance_sampling_level: 'token',
  epsilon: 0.2,
  epsilon_high: null,
  delta: null,
  beta: 0.1,
  tau_pos: 1,
  tau_neg: 1.05,
  ...changes,
});

/** Of one answer with three tokens. */
const lossAt = (
  logp: readonly number[],
  tokens: { advantage: number; old: readonly number[] },
  of: PolicyLossOptions,
) =>
  policyLoss(
    {
      logp: Float32Array.from(logp),
      old_logp: Float32Array.from(tokens.old),
      reference_logp: Float32Array.from([-1, -2, -0.5]),
      advantage: tokens.advantage,
    },
    of,
  );

const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

describe('by hand', () => {
  test('a ratio of 1.5 is clipped at 1.2 for a better answer, and counts for a worse one', () => {
    const of = options({ beta: 0 });
    const one = {
      logp: Float32Array.from([Math.log(0.3)]),
      old_logp: Float32Array.from([Math.log(0.2)]),
      reference_logp: new Float32Array(),
    };
    const better = policyLoss({ ...one, advantage: 2 }, of);
    expect(better.losses[0]).toBeCloseTo(-2.4, 5);
    expect(better.slopes[0]).toBe(0);
    expect([better.clipped.low[0], better.clipped.high[0]]).toEqual([0, 1]);
    const worse = policyLoss({ ...one, advantage: -2 }, of);
    expect(worse.losses[0]).toBeCloseTo(3, 5);
    expect(worse.slopes[0]).toBeCloseTo(3, 5);
    expect([worse.clipped.low[0], worse.clipped.high[0]]).toEqual([0, 0]);
  });

  test('the divergence from the reference is e^x − x − 1', () => {
    const { kl, losses } = lossAt([-1.5, -2, -0.5], { advantage: 0, old: [-1.5, -2, -0.5] }, options());
    expect(kl[0]).toBeCloseTo(Math.exp(0.5) - 0.5 - 1, 5);
    expect([kl[1], kl[2]]).toEqual([0, 0]);
    expect(losses[0]).toBeCloseTo(0.1 * kl[0], 6);
  });

  test('the ratio of an answer is the geometric mean of its tokens', () => {
    const { losses } = lossAt(
      [-0.9, -2.2, -0.2],
      { advantage: 1, old: [-1, -2, -0.5] },
      options({ importance_sampling_level: 'sequence', beta: 0 }),
    );
    const ratio = Math.exp((0.1 - 0.2 + 0.3) / 3);
    for (const loss of losses) expect(loss).toBeCloseTo(-ratio, 5);
  });
});

const KINDS: readonly Partial<PolicyLossOptions>[] = [
  {},
  { delta: 1.1 },
  { epsilon_high: 0.4 },
  { loss_type: 'sapo' },
  { loss_type: 'sapo', importance_sampling_level: 'sequence' },
  { importance_sampling_level: 'sequence' },
];

test.each(KINDS)('slopes are what finite differences give, %o', (kind) => {
  const of = options(kind);
  const number = fc.integer({ min: -200, max: -10 }).map((n) => n / 64);
  const three = fc.tuple(number, number, number);
  fc.assert(
    fc.property(three, three, fc.constantFrom(-1.5, 2), (logp, old, advantage) => {
      const at = (moved: readonly number[]): number => total(lossAt(moved, { advantage, old }, of).losses);
      const { slopes } = lossAt(logp, { advantage, old }, of);
      const step = 1 / 512;
      logp.forEach((value, i) => {
        const [above, below] = [at(logp.with(i, value + step)), at(logp.with(i, value - step))];
        const here = at(logp);
        // Not across a corner, where the two sides differ.
        const [right, left] = [(above - here) / step, (here - below) / step];
        if (Math.abs(right - left) > 0.05 * Math.max(1, Math.abs(right))) return;
        const tolerance = 0.03 * Math.max(1, Math.abs(slopes[i]));
        expect(Math.abs((above - below) / (2 * step) - slopes[i])).toBeLessThan(tolerance);
      });
    }),
  );
});

test('cispo weighs log-probabilities by a ratio that is held fast', () => {
  const of = options({ loss_type: 'cispo', epsilon_high: 1.2, beta: 0 });
  const { losses, slopes } = lossAt([-0.5, -2, -0.5], { advantage: 2, old: [-1, -2, -0.5] }, of);
  expect(slopes[0]).toBeCloseTo(-2.4, 5);
  expect(losses[0]).toBeCloseTo(1.2, 5);
  expect(slopes[1]).toBeCloseTo(-2, 5);
});

test('sequence_token has the value of the answer and the gradient of the token', () => {
  const of = options({ importance_sampling_level: 'sequence_token', beta: 0, epsilon: 0.9 });
  const { losses, slopes } = lossAt([-0.9, -2.2, -0.2], { advantage: 1, old: [-1, -2, -0.5] }, of);
  const ratio = Math.exp(0.2 / 3);
  losses.forEach((loss, t) => {
    expect(loss).toBeCloseTo(-ratio, 5);
    expect(slopes[t]).toBeCloseTo(-ratio, 5);
  });
});

test('temperatures of sapo are refused where no loss reads them', async () => {
  await expect(objectiveOf('grpo', { tau_neg: 2 })).rejects.toThrow(/--tau_neg: --loss_type \w+ does not/);
  await expect(objectiveOf('grpo', { loss_type: 'sapo', tau_neg: 2 })).resolves.toBeDefined();
});
