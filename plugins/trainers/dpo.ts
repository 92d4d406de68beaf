import { argument, preferencePair, trainer, type ValuesOf } from 'swift-ts/plugin';
import type {
  Group,
  Objective,
  ObjectiveResult,
  Sequence,
  StandardRow,
  TokenQuantity,
  Trainer,
} from 'swift-ts/plugin';

const dpoArguments = {
  beta: argument.float({
    default: 0.1,
    min: 0,
    above: true,
    help: 'how much departing from the reference costs',
  }),
  label_smoothing: argument.float({
    default: 0,
    min: 0,
    max: 0.5,
    below: true,
    help: 'share of the preferences that are taken to be the wrong way round',
  }),
  loss_type: argument.choice(['sigmoid'], { default: 'sigmoid', help: 'shape of the loss' }),
  rpo_alpha: argument.float({
    default: 0,
    min: 0,
    help: "weight of the chosen answers' cross entropy beside the loss; 0 leaves it out",
  }),
} as const;

export type DpoOptions = ValuesOf<typeof dpoArguments>;

/**
 * Direct preference optimization (Rafailov et al., 2023, arXiv 2305.18290): −log σ(β·R), where R is how much more than
 * the reference the model prefers the chosen answer. `label_smoothing` ε makes it −(1−ε)·log σ(β·R) − ε·log σ(−β·R)
 * (cDPO, Mitchell 2023). `rpo_alpha` α adds α times the mean cross entropy of the chosen answer's tokens (RPO, Pang et
 * al., 2024, arXiv 2404.19733).
 */
@trainer({
  id: 'dpo',
  command: 'rlhf',
  summary: 'direct preference optimization on chosen and rejected answers',
  arguments: dpoArguments,
})
export class DpoTrainer implements Trainer<DpoOptions> {
  readonly supervise = 'assistant';

  objective(options: DpoOptions): Objective {
    return new DpoObjective(options);
  }
}

class DpoObjective implements Objective {
  readonly quantities: readonly TokenQuantity[] = ['logp', 'entropy', 'mean_logit', 'correct'];
  readonly reference = true;

  constructor(private readonly options: DpoOptions) {}

  sequences(row: StandardRow): readonly [StandardRow, StandardRow] {
    return preferencePair(row);
  }

  loss(groups: readonly Group[]): ObjectiveResult {
    const { beta, label_smoothing: smoothing, rpo_alpha: alpha } = this.options;
    const pairs = groups.map(([chosen, rejected]) => {
      const better = sum(chosen.values.logp) - sum(chosen.reference_logp);
      const worse = sum(rejected.values.logp) - sum(rejected.reference_logp);
      const margin = beta * (better - worse);
      const slope = beta * (smoothing * sigmoid(margin) - (1 - smoothing) * sigmoid(-margin));
      const tokens = chosen.values.logp.length;
      return {
        chosen,
        rejected,
        loss:
          -(1 - smoothing) * logSigmoid(margin) -
          smoothing * logSigmoid(-margin) -
          (alpha / tokens) * sum(chosen.values.logp),
        cotangents: [
          new Float32Array(tokens).fill(slope - alpha / tokens),
          new Float32Array(rejected.values.logp.length).fill(-slope),
        ],
        rewards: { chosen: beta * better, rejected: beta * worse },
      };
    });
    const mean = (of: (pair: (typeof pairs)[number]) => number) => ({
      sum: pairs.reduce((total, pair) => total + of(pair), 0),
      count: pairs.length,
    });
    const perToken = (sequences: readonly Sequence[], quantity: TokenQuantity) => ({
      sum: sequences.reduce((total, { values }) => total + sum(values[quantity]), 0),
      count: sequences.reduce((total, { values }) => total + values.logp.length, 0),
    });
    const chosen = pairs.map((pair) => pair.chosen);
    const rejected = pairs.map((pair) => pair.rejected);
    return {
      loss: mean((pair) => pair.loss).sum,
      cotangents: pairs.map((pair) => pair.cotangents),
      metrics: {
        'rewards/chosen': mean(({ rewards }) => rewards.chosen),
        'rewards/rejected': mean(({ rewards }) => rewards.rejected),
        'rewards/accuracies': mean(({ rewards }) => (rewards.chosen > rewards.rejected ? 1 : 0)),
        'rewards/margins': mean(({ rewards }) => rewards.chosen - rewards.rejected),
        'logps/chosen': mean((pair) => sum(pair.chosen.values.logp)),
        'logps/rejected': mean((pair) => sum(pair.rejected.values.logp)),
        'logits/chosen': perToken(chosen, 'mean_logit'),
        'logits/rejected': perToken(rejected, 'mean_logit'),
        entropy: perToken([...chosen, ...rejected], 'entropy'),
        mean_token_accuracy: perToken(chosen, 'correct'),
      },
    };
  }
}

function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

const sigmoid = (x: number): number => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));

/** Without overflow on either side. */
const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
