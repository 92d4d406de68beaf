/** What answers are worth beside each other, from their rewards. */
import type { RewardedGroup } from 'swift-ts/plugin';

export interface AdvantageOptions {
  readonly advantage_estimator: 'grpo' | 'rloo' | 'reinforce_plus_plus';
  readonly scale_rewards: 'group' | 'batch' | 'none' | 'gdpo';
}

/** Keeps a spread of nothing from dividing by nothing. */
const LEAST_SPREAD = 1e-4;

/**
 * An advantage for each answer; 0 for one of which no reward says anything.
 *
 * grpo (Shao et al., 2024, arXiv 2402.03300): the reward less its group's mean. rloo (Ahmadian et al., 2024, arXiv 2402.14740): less
 * the mean of the others of its group. reinforce_plus_plus (Hu et al., 2025, arXiv 2501.03262): as grpo, and what
 * divides is the spread of the advantages. `scale_rewards` divides by the standard deviation of the group or of all, or by
 * nothing; gdpo (Liu et al., 2026) brings each reward to one scale in its group before they are weighed and added, and
 * the sums to one scale over all.
 */
export function advantagesOf(
  groups: readonly RewardedGroup[],
  { advantage_estimator, scale_rewards }: AdvantageOptions,
): number[][] {
  if (scale_rewards === 'gdpo') return gdpo(groups);
  const rewards = groups.map((group) => group.map(({ reward }) => reward));
  const centred = rewards.map((group) => {
    const known = numbers(group);
    const others = advantage_estimator === 'rloo' && known.length > 1 ? known.length / (known.length - 1) : 1;
    const middle = mean(known);
    return group.map((reward) => others * (reward - middle));
  });
  const spread = advantage_estimator === 'reinforce_plus_plus' ? centred : rewards;
  const ofAll = deviation(numbers(spread.flat()));
  return centred.map((group, i) => {
    const divisor =
      scale_rewards === 'none'
        ? 1
        : LEAST_SPREAD + (scale_rewards === 'batch' ? ofAll : deviation(numbers(spread[i])));
    return group.map((advantage) => orNothing(advantage / divisor));
  });
}

function gdpo(groups: readonly RewardedGroup[]): number[][] {
  const sums = groups.map((group) => {
    const scaled = group[0].rewards.map((_, k) => toOneScale(group.map(({ rewards }) => rewards[k])));
    return group.map(({ weights }, i) => {
      const said = weights.map((weight, k) => weight * scaled[k][i]).filter((one) => !Number.isNaN(one));
      return said.length === 0 ? NaN : sum(said);
    });
  });
  const known = numbers(sums.flat());
  const [middle, divisor] = [mean(known), deviation(known) + LEAST_SPREAD];
  return sums.map((group) => group.map((one) => orNothing((one - middle) / divisor)));
}

function toOneScale(values: readonly number[]): number[] {
  const known = numbers(values);
  const [middle, divisor] = [mean(known), deviation(known) + LEAST_SPREAD];
  return values.map((value) => (value - middle) / divisor);
}

const numbers = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));
const orNothing = (value: number): number => (Number.isNaN(value) ? 0 : value);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

/** Of a sample: divided by one less than their number. */
function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(sum(values.map((value) => (value - middle) ** 2)) / (values.length - 1));
}
