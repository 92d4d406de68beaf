import { describe, expect, test } from 'vitest';
import { advantagesOf, type AdvantageOptions } from '../../../plugins/trainers/_advantages.js';
import type { RewardedGroup } from '../../../core/contracts/rollouts.js';

const group = (...rewards: number[]): RewardedGroup =>
  rewards.map((reward) => ({ reward, rewards: [reward], weights: [1] }));

const of = (changes: Partial<AdvantageOptions>): AdvantageOptions => ({
  advantage_estimator: 'grpo',
  scale_rewards: 'none',
  ...changes,
});

const near = (values: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void =>
  values.forEach((own, i) => own.forEach((value, j) => expect(value).toBeCloseTo(expected[i][j], 3)));

describe('by hand', () => {
  const groups = [group(1, 0, 0, 1), group(3, 1, 1, 3)];

  test('grpo: less the mean of the group', () => {
    near(advantagesOf(groups, of({})), [
      [0.5, -0.5, -0.5, 0.5],
      [1, -1, -1, 1],
    ]);
  });

  test('rloo: less the mean of the others', () => {
    near(advantagesOf(groups, of({ advantage_estimator: 'rloo' })), [
      [1 - 1 / 3, -2 / 3, -2 / 3, 2 / 3],
      [3 - 5 / 3, 1 - 7 / 3, 1 - 7 / 3, 3 - 5 / 3],
    ]);
  });

  test('by the spread of the group, which is that of a sample', () => {
    const spread = Math.sqrt((4 * 0.25) / 3);
    const own = [0.5, -0.5, -0.5, 0.5].map((value) => value / spread);
    near(advantagesOf(groups, of({ scale_rewards: 'group' })), [own, own]);
  });

  test('reinforce_plus_plus: by the spread of all advantages; grpo: of all rewards', () => {
    const ofAdvantages = Math.sqrt((4 * 0.25 + 4 * 1) / 7);
    const [[first]] = advantagesOf(
      groups,
      of({ advantage_estimator: 'reinforce_plus_plus', scale_rewards: 'batch' }),
    );
    expect(first).toBeCloseTo(0.5 / ofAdvantages, 3);
    const all = [1, 0, 0, 1, 3, 1, 1, 3];
    const mean = 1.25;
    const ofRewards = Math.sqrt(all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 7);
    const [[other]] = advantagesOf(groups, of({ scale_rewards: 'batch' }));
    expect(other).toBeCloseTo(0.5 / ofRewards, 3);
  });

  test('answers that are all worth the same have none, and so has one that nothing is said of', () => {
    near(advantagesOf([group(2, 2, 2)], of({ scale_rewards: 'group' })), [[0, 0, 0]]);
    near(advantagesOf([group(1, NaN, 3)], of({})), [[-1, 0, 1]]);
  });

  test('gdpo: rewards of different sizes count the same', () => {
    const both: RewardedGroup = [
      { reward: 100, rewards: [100, 0], weights: [1, 1] },
      { reward: 0, rewards: [0, 0], weights: [1, 1] },
      { reward: 1, rewards: [0, 1], weights: [1, 1] },
    ];
    const third = Math.sqrt(3) / 3;
    near(advantagesOf([both], of({ scale_rewards: 'gdpo' })), [[third, -2 * third, third]]);
  });
});
