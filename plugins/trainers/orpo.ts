import { argument, preferencePair, trainer, type ValuesOf } from 'swift-ts/plugin';
import type { Group, Objective, ObjectiveResult, StandardRow, Trainer } from 'swift-ts/plugin';
import { crossEntropy, logistic, type Slope } from './_numbers.js';
import { MEASURED, meanOf, pairMetrics } from './_pair-metrics.js';

const orpoArguments = {
  beta: argument.float({
    default: 0.1,
    min: 0,
    help: 'λ of the paper: weight of the odds ratio beside the cross entropy',
  }),
} as const;

/**
 * Odds ratio preference optimization (Hong et al., 2024, arXiv 2403.07691): the cross entropy of the chosen answer − λ·log σ(log odds(chosen) −
 * log odds(rejected)), odds(y) = p/(1 − p), where p is the geometric mean of the tokens' probabilities. No reference model.
 */
@trainer({
  id: 'orpo',
  command: 'rlhf',
  summary:
    'odds ratio preference optimization: fine-tuning and preferences at once, without a reference model',
  arguments: orpoArguments,
  defaults: { lora_dropout: 0 },
})
export class OrpoTrainer implements Trainer<ValuesOf<typeof orpoArguments>> {
  readonly supervise = 'assistant';

  objective({ beta }: ValuesOf<typeof orpoArguments>): Objective {
    return new OddsRatio(beta);
  }
}

class OddsRatio implements Objective {
  readonly quantities = MEASURED;
  readonly reference = false;

  constructor(private readonly beta: number) {}

  sequences(row: StandardRow): readonly [StandardRow, StandardRow] {
    return preferencePair(row);
  }

  loss(groups: readonly Group[]): ObjectiveResult {
    const pairs = groups.map((group) => this.pairLoss(group));
    const mean = (of: (pair: (typeof pairs)[number]) => number) => meanOf(pairs.map(of));
    const sides = pairs.map(({ entropies: [better, worse] }) => {
      const side = (entropy: number) => ({ reward: -this.beta * entropy, logp: -entropy });
      return [side(better), side(worse)] as const;
    });
    return {
      loss: mean(({ value }) => value).sum,
      cotangents: pairs.map(({ cotangents }) => cotangents),
      metrics: {
        ...pairMetrics(groups, sides),
        nll_loss: mean(({ entropies }) => entropies[0]),
        log_odds_ratio: mean(({ ratio }) => -ratio.value),
        log_odds_chosen: mean(({ ahead }) => ahead),
      },
    };
  }

  private pairLoss(group: Group) {
    const { beta } = this;
    const tokens = group.map(({ values }) => values.logp);
    const entropies = tokens.map(crossEntropy);
    const [better, worse] = entropies.map((entropy) => logOdds(-entropy));
    const ahead = better.value - worse.value;
    const ratio = logistic(ahead);
    const slopes = [beta * ratio.slope * better.slope - 1, -beta * ratio.slope * worse.slope];
    return {
      entropies,
      ahead,
      ratio,
      value: entropies[0] + beta * ratio.value,
      cotangents: tokens.map(({ length }, s) => new Float32Array(length).fill(slopes[s] / length)),
    };
  }
}

/** log(p/(1 − p)) by log p; of a certain answer as of one that is nearly so. */
function logOdds(logp: number): Slope {
  const rest = Math.max(-Math.expm1(logp), Number.EPSILON);
  return { value: logp - Math.log(rest), slope: 1 / rest };
}
