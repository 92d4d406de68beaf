import { preferencePair } from 'swift-ts/plugin';
import type { Group, Objective, ObjectiveResult, Sequence, StandardRow } from 'swift-ts/plugin';
import { crossEntropy, hinge, identity, smoothed, sum, type Slope } from './_numbers.js';
import { MEASURED, meanOf, pairMetrics } from './_pair-metrics.js';

export interface ContrastiveOptions {
  readonly beta: number;
  readonly label_smoothing: number;
  readonly loss_type: keyof typeof CURVES;
  readonly cpo_alpha: number;
  readonly simpo_gamma: number;
  readonly alpha: number;
}

/** Of how much higher the chosen answer's reward is. */
const CURVES = {
  sigmoid: (x: number, { beta, label_smoothing }: ContrastiveOptions) =>
    stretched(smoothed(beta * x, label_smoothing), beta),
  hinge: (x: number, { beta }: ContrastiveOptions) => stretched(hinge(beta * x), beta),
  ipo: (x: number, { beta }: ContrastiveOptions) => identity(x, beta),
  simpo: (x: number, { beta, simpo_gamma, label_smoothing }: ContrastiveOptions) =>
    stretched(smoothed(beta * x - simpo_gamma, label_smoothing), beta),
} as const;

export const CONTRASTS = Object.keys(CURVES) as ['sigmoid', 'hinge', 'ipo', 'simpo'];

/** Those whose rewards are means over tokens, not sums. */
const PER_TOKEN: readonly string[] = ['ipo', 'simpo'];

/** Losses of how much more likely the chosen answer of a pair is, without a reference model. */
export class ContrastivePreference implements Objective {
  readonly quantities = MEASURED;
  readonly reference = false;

  constructor(private readonly options: ContrastiveOptions) {}

  sequences(row: StandardRow): readonly [StandardRow, StandardRow] {
    return preferencePair(row);
  }

  loss(groups: readonly Group[]): ObjectiveResult {
    const { beta, cpo_alpha } = this.options;
    const pairs = groups.map((group) => this.pairLoss(group));
    const sides = pairs.map(
      ({ chosen, rejected }) =>
        [
          { reward: beta * chosen.reward.value, logp: chosen.logp },
          { reward: beta * rejected.reward.value, logp: rejected.logp },
        ] as const,
    );
    return {
      loss: meanOf(pairs.map(({ value }) => value)).sum,
      cotangents: pairs.map(({ cotangents }) => cotangents),
      metrics: {
        ...pairMetrics(groups, sides),
        ...(cpo_alpha > 0 && {
          nll_loss: meanOf(groups.map(([chosen]) => crossEntropy(chosen.values.logp))),
        }),
      },
    };
  }

  private pairLoss(group: Group) {
    const { cpo_alpha, loss_type } = this.options;
    const [chosen, rejected] = group.map((sequence) => this.sideOf(sequence));
    const { value, slope } = CURVES[loss_type](chosen.reward.value - rejected.reward.value, this.options);
    const [better, worse] = group.map(({ values }) => values.logp);
    const upwards = slope * chosen.reward.slope - cpo_alpha / better.length;
    return {
      chosen,
      rejected,
      value: value + cpo_alpha * crossEntropy(better),
      cotangents: [
        new Float32Array(better.length).fill(upwards),
        new Float32Array(worse.length).fill(-slope * rejected.reward.slope),
      ],
    };
  }

  /** @returns the reward with its slope by each token's log-probability */
  private sideOf({ values: { logp: tokens } }: Sequence): { logp: number; reward: Slope } {
    const { loss_type, alpha } = this.options;
    const share = PER_TOKEN.includes(loss_type) ? 1 / tokens.length : 1;
    const logp = share * sum(tokens);
    return { logp, reward: stretched(shaped(logp, alpha), share) };
  }
}

/** log p, or (1 − p^−α)/α (AlphaPO, Gupta et al., 2025, arXiv 2501.03884). */
function shaped(logp: number, alpha: number): Slope {
  if (alpha === 0) return { value: logp, slope: 1 };
  return { value: -Math.expm1(-alpha * logp) / alpha, slope: Math.exp(-alpha * logp) };
}

/** By x, where it is said by `factor`·x. */
const stretched = ({ value, slope }: Slope, factor: number): Slope => ({ value, slope: factor * slope });
