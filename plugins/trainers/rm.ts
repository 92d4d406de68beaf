import {
  argument,
  preferencePair,
  trainer,
  type Group,
  type Objective,
  type ObjectiveResult,
  type ReadingName,
  type StandardRow,
  type TaskHeads,
  type TokenQuantity,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import { logSigmoid, sigmoid } from './_numbers.js';

const rewardArguments = {
  center_rewards_coefficient: argument.float({
    default: 0,
    min: 0,
    help: 'weight of a pull of each two rewards towards a sum of 0',
  }),
} as const;

export type RewardModelOptions = ValuesOf<typeof rewardArguments>;

/**
 * A reward model (Ouyang et al., 2022, arXiv 2203.02155; margins as Touvron et al., 2023, arXiv 2307.09288): a score of the whole conversation
 * at its last token, −log σ(r⁺ − r⁻ − margin), plus λ·(r⁺ + r⁻)² (Eisenstein et al., 2023, arXiv 2312.09244).
 */
@trainer({
  id: 'rm',
  command: 'rlhf',
  summary: 'a reward model: scores chosen answers above rejected ones',
  arguments: rewardArguments,
})
export class RewardModelTrainer implements Trainer<RewardModelOptions> {
  readonly supervise = 'none';

  heads(): TaskHeads {
    return { score: 1 };
  }

  objective(options: RewardModelOptions): Objective {
    return new RewardObjective(options);
  }
}

class RewardObjective implements Objective {
  readonly quantities: readonly TokenQuantity[] = [];
  readonly readings: readonly ReadingName[] = ['score'];
  readonly reference = false;

  constructor(private readonly options: RewardModelOptions) {}

  sequences(row: StandardRow): readonly [StandardRow, StandardRow] {
    return preferencePair(row);
  }

  loss(groups: readonly Group[]): ObjectiveResult {
    const { center_rewards_coefficient: pull } = this.options;
    const pairs = groups.map(([chosen, rejected]) => {
      const [better, worse] = [chosen, rejected].map(({ readings }) => readings!.score![0]);
      const ahead = better - worse - (chosen.margin ?? 0);
      const slope = -sigmoid(-ahead);
      const centred = 2 * pull * (better + worse);
      return {
        better,
        worse,
        loss: -logSigmoid(ahead) + pull * (better + worse) ** 2,
        slopes: [
          { score: new Float32Array([slope + centred]) },
          { score: new Float32Array([centred - slope]) },
        ],
      };
    });
    const mean = (of: (pair: (typeof pairs)[number]) => number) => {
      return { sum: pairs.reduce((total, pair) => total + of(pair), 0), count: pairs.length };
    };
    return {
      loss: mean(({ loss }) => loss).sum,
      cotangents: groups.map((group) => group.map(() => new Float32Array())),
      reading_cotangents: pairs.map(({ slopes }) => slopes),
      metrics: {
        'rewards/chosen': mean(({ better }) => better),
        'rewards/rejected': mean(({ worse }) => worse),
        'rewards/accuracies': mean(({ better, worse }) => (better > worse ? 1 : 0)),
        'rewards/margins': mean(({ better, worse }) => better - worse),
      },
    };
  }
}
