/** What is logged of the answers of a step. */
import type { JudgedAnswer } from '../contracts/reward.js';
import type { RewardedAnswer } from '../contracts/rollouts.js';

type Judged = Pick<JudgedAnswer, 'tokens' | 'is_whole'> & RewardedAnswer;

/** Names as TRL has them; standard deviations are those of a sample. */
export function rolloutMetrics(
  groups: readonly (readonly Judged[])[],
  rewards: readonly { readonly id: string }[],
): Readonly<Record<string, number>> {
  const all = groups.flat();
  const lengths = all.map(({ tokens }) => tokens);
  const worth = known(all.map(({ reward }) => reward));
  const metrics: Record<string, number> = {};
  if (rewards.length > 0) {
    metrics.reward = mean(worth);
    metrics.reward_std = deviation(worth);
    metrics.frac_reward_zero_std = mean(groups.map((group) => (isFlat(group) ? 1 : 0)));
  }
  rewards.forEach(({ id }, i) => {
    const said = known(all.map((one) => one.rewards[i]));
    metrics[`rewards/${id}/mean`] = mean(said);
    metrics[`rewards/${id}/std`] = deviation(said);
  });
  metrics['completions/mean_length'] = mean(lengths);
  metrics['completions/min_length'] = Math.min(...lengths);
  metrics['completions/max_length'] = Math.max(...lengths);
  metrics['completions/clipped_ratio'] = mean(all.map(({ is_whole }) => (is_whole ? 0 : 1)));
  return metrics;
}

const isFlat = (group: readonly Judged[]): boolean => !(deviation(known(group.map((one) => one.reward))) > 0);

const known = (values: readonly number[]): readonly number[] =>
  values.filter((value) => !Number.isNaN(value));

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}
