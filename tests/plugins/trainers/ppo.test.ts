import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { argumentsOf } from '../../../core/config/plugin-arguments.js';
import { pluginOptions } from '../../../core/config/plugin-options.js';
import type { MeasuredAnswer, TokenFacts } from '../../../core/contracts/rollouts.js';
import type { Group } from '../../../core/contracts/trainer.js';
import { estimate, type GaeOptions } from '../../../plugins/trainers/_gae.js';
import { plugins } from '../../../parity/cases.js';

const services = plugins();
const declared = { arguments: argumentsOf('trainer', services.catalog.find('trainer', 'ppo')) };
const { instance } = await services.resolve('trainer', 'ppo');
const objectiveOf = (options: object) => instance.objective!(pluginOptions(declared, options))!;

const answer = (changes: Partial<MeasuredAnswer>): MeasuredAnswer => ({
  reward: 1,
  is_whole: true,
  old_logp: Float32Array.from([-1, -2]),
  reference_logp: Float32Array.from([-1.5, -1]),
  values: Float32Array.from([0.5, 0.25]),
  ...changes,
});
const gae = (changes: Partial<GaeOptions> = {}): GaeOptions => ({
  kl_coef: 0.1,
  gamma: 1,
  lam: 0.5,
  whiten_rewards: false,
  missing_eos_penalty: null,
  ...changes,
});

describe('advantages by hand', () => {
  test('rewards cost departing from the reference, and end with that of the answer', () => {
    // Rewards -0.05 and 0.1 + 1; δ: 1.1 - 0.25, and -0.05 + 0.25 - 0.5.
    const [{ returns }] = estimate([answer({})], gae());
    const last = 1.1 - 0.25;
    const first = -0.05 + 0.25 - 0.5 + 0.5 * last;
    expect(returns[1]).toBeCloseTo(last + 0.25, 5);
    expect(returns[0]).toBeCloseTo(first + 0.5, 5);
  });

  test('advantages have mean 0 and spread 1 over all tokens', () => {
    const facts = estimate(
      [answer({}), answer({ reward: -1, values: Float32Array.from([0, 0.125]) })],
      gae(),
    );
    const all = facts.flatMap(({ advantages }) => [...advantages]);
    const mean = all.reduce((sum, one) => sum + one, 0) / 4;
    expect(mean).toBeCloseTo(0, 5);
    expect(all.reduce((sum, one) => sum + one ** 2, 0) / 3).toBeCloseTo(1, 4);
  });

  test('an answer without an end pays, and one of which no reward says anything has none', () => {
    const penalized = estimate([answer({ is_whole: false })], gae({ missing_eos_penalty: 2 }))[0];
    const worse = estimate([answer({ reward: -1 })], gae())[0];
    expect(penalized.returns).toEqual(worse.returns);
    expect(estimate([answer({ reward: NaN })], gae())[0].returns).toEqual(
      estimate([answer({ reward: 0 })], gae())[0].returns,
    );
  });
});

function groupOf(
  logp: readonly number[],
  value: readonly number[],
  old: readonly number[],
  tokens: TokenFacts,
): Group {
  const values = Float32Array.from(logp);
  return [
    {
      values: { logp: values, entropy: values, mean_logit: values, correct: values },
      readings: { value: Float32Array.from(value) },
      reference_logp: new Float32Array(),
      answer: { by: 'student', advantage: 0, old_logp: Float32Array.from(old), tokens },
    },
  ];
}

test('a loss by hand: a clipped ratio, a clipped value', () => {
  const tokens = {
    advantages: Float32Array.from([1, -1]),
    returns: Float32Array.from([1, 0]),
    old_values: Float32Array.from([0, 0]),
  };
  // Ratios 1.5, which counts as 1.2, and 1. Values 0.5, which is nearer than 0.2 is, and 0.1.
  const group = groupOf([Math.log(0.3), -1], [0.5, 0.125], [Math.log(0.2), -1], tokens);
  const { loss, cotangents, reading_cotangents } = objectiveOf({}).loss([group], [[]], {
    groups: 1,
    sequences: 1,
    tokens: 2,
  });
  const values = 0.5 * (0.8 ** 2 + 0.125 ** 2);
  expect(loss).toBeCloseTo((-1.2 + 1 + 0.1 * values) / 2, 5);
  expect([...cotangents[0][0]]).toEqual([0, 0.5]);
  const [{ value }] = reading_cotangents![0];
  expect(value![0]).toBe(0);
  expect(value![1]).toBeCloseTo((0.1 * 0.125) / 2, 6);
});

test('slopes are what finite differences give', () => {
  const number = fc.integer({ min: -90, max: 90 }).map((n) => n / 64);
  const three = fc.tuple(number, number, number);
  const objective = objectiveOf({ vf_coef: 0.7 });
  fc.assert(
    fc.property(three, three, three, three, three, three, (logp, old, value, advantages, returns, olds) => {
      const tokens = {
        advantages: Float32Array.from(advantages),
        returns: Float32Array.from(returns),
        old_values: Float32Array.from(olds),
      };
      const step = { groups: 1, sequences: 1, tokens: 3 };
      const at = (l: readonly number[], v: readonly number[]) =>
        objective.loss([groupOf(l, v, old, tokens)], [[]], step);
      const { cotangents, reading_cotangents, loss } = at(logp, value);
      const h = 1 / 512;
      const check = (above: number, below: number, slope: number): void => {
        const [right, left] = [(above - loss) / h, (loss - below) / h];
        // Not across a corner.
        if (Math.abs(right - left) > 0.02 * Math.max(1, Math.abs(right))) return;
        expect(Math.abs((above - below) / (2 * h) - slope)).toBeLessThan(0.02 * Math.max(1, Math.abs(slope)));
      };
      for (let i = 0; i < 3; i++) {
        check(
          at(logp.with(i, logp[i] + h), value).loss,
          at(logp.with(i, logp[i] - h), value).loss,
          cotangents[0][0][i],
        );
        check(
          at(logp, value.with(i, value[i] + h)).loss,
          at(logp, value.with(i, value[i] - h)).loss,
          reading_cotangents![0][0].value![i],
        );
      }
    }),
  );
});
