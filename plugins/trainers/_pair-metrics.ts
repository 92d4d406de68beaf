import type { Group, ObjectiveResult, Sequence, Sum, TokenQuantity } from 'swift-ts/plugin';
import { sum } from './_numbers.js';

/** What is logged of preferences reads of tokens. */
export const MEASURED: readonly TokenQuantity[] = ['logp', 'entropy', 'mean_logit', 'correct'];

/** What is logged of a side of a pair. */
export interface Logged {
  readonly reward: number;
  readonly logp: number;
}

type Metrics = ObjectiveResult['metrics'];

/** @param sides of each group, chosen first */
export function pairMetrics(
  groups: readonly Group[],
  sides: readonly (readonly [chosen: Logged, rejected: Logged])[],
): Metrics {
  const mean = (of: (chosen: Logged, rejected: Logged) => number) => meanOf(sides.map((pair) => of(...pair)));
  const chosen = groups.map(([first]) => first);
  return {
    'rewards/chosen': mean((better) => better.reward),
    'rewards/rejected': mean((_, worse) => worse.reward),
    'rewards/accuracies': mean((better, worse) => (better.reward > worse.reward ? 1 : 0)),
    'rewards/margins': mean((better, worse) => better.reward - worse.reward),
    'logps/chosen': mean((better) => better.logp),
    'logps/rejected': mean((_, worse) => worse.logp),
    'logits/chosen': perToken(chosen, 'mean_logit'),
    'logits/rejected': perToken(
      groups.map(([, second]) => second),
      'mean_logit',
    ),
    entropy: perToken(groups.flat(), 'entropy'),
    mean_token_accuracy: perToken(chosen, 'correct'),
  };
}

export function meanOf(values: readonly number[]): Sum {
  return { sum: values.reduce((total, value) => total + value, 0), count: values.length };
}

/** Mean over the supervised tokens of sequences. */
export function perToken(sequences: readonly Sequence[], quantity: TokenQuantity): Sum {
  return {
    sum: sequences.reduce((total, { values }) => total + sum(values[quantity]), 0),
    count: sequences.reduce((total, { values }) => total + values.logp.length, 0),
  };
}
