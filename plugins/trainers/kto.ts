import { argument, labelledAnswers, SwiftError, trainer, type ValuesOf } from 'swift-ts/plugin';
import type {
  Group,
  Objective,
  ObjectiveResult,
  Sequence,
  StandardRow,
  Survey,
  Told,
  Trainer,
} from 'swift-ts/plugin';
import { sigmoid, sum } from './_numbers.js';
import { MEASURED, meanOf, perToken } from './_pair-metrics.js';

const ktoArguments = {
  beta: argument.float({
    default: 0.1,
    min: 0,
    above: true,
    help: 'how much departing from the reference costs',
  }),
  loss_type: argument.choice(['kto', 'apo_zero_unpaired'], {
    default: 'kto',
    help: 'shape of the loss; apo_zero_unpaired takes the divergence from the reference to be 0',
  }),
  desirable_weight: argument.float({ default: 1, min: 0, help: 'weight of good answers' }),
  undesirable_weight: argument.float({ default: 1, min: 0, help: 'weight of bad answers' }),
} as const;

export type KtoOptions = ValuesOf<typeof ktoArguments>;

/**
 * Kahneman-Tversky optimization (Ethayarajh et al., 2024, arXiv 2402.01306) on answers that are good or bad, one of a kind or the other: for
 * a good one λ_D·(1 − σ(β·(l − z))), for a bad one λ_U·(1 − σ(β·(z − l))), where l is how much more than the reference the model prefers
 * the answer. z estimates the divergence from the reference by the mean l of prompts with answers of other rows, over all of an
 * optimizer step, at least 0; no gradient goes through it. apo_zero_unpaired has z = 0 (APO, D'Oosterlinck et al., 2024, arXiv 2408.06266).
 */
@trainer({
  id: 'kto',
  command: 'rlhf',
  summary: 'Kahneman-Tversky optimization on answers labelled good or bad',
  arguments: ktoArguments,
  defaults: { lora_dropout: 0 },
})
export class KtoTrainer implements Trainer<KtoOptions> {
  readonly supervise = 'assistant';

  objective(options: KtoOptions): Objective {
    if (options.desirable_weight + options.undesirable_weight > 0) return new LabelledAnswers(options);
    throw new SwiftError('BAD_ARGUMENT', '--desirable_weight and --undesirable_weight are both 0', {
      cure: 'Nothing would be learned: give one of them a weight.',
    });
  }
}

class LabelledAnswers implements Objective {
  readonly quantities = MEASURED;
  readonly reference = true;
  readonly survey?: Survey;

  constructor(private readonly options: KtoOptions) {
    if (options.loss_type === 'kto') this.survey = { of: 'mismatched', tell: divergence };
  }

  sequences(row: StandardRow): readonly [StandardRow, ...StandardRow[]] {
    return labelledAnswers(row);
  }

  loss(groups: readonly Group[], told: readonly Told[]): ObjectiveResult {
    const judged = groups.map((group, i) => {
      const [z = 0] = told[i];
      return { z, answers: group.map((sequence) => this.answerLoss(sequence, z, group.length)) };
    });
    const answers = judged.flatMap((row) => row.answers);
    const sides = {
      chosen: answers.filter(({ label }) => label),
      rejected: answers.filter(({ label }) => !label),
    };
    const rewards = (side: keyof typeof sides) => meanOf(sides[side].map(({ reward }) => reward));
    const logps = (side: keyof typeof sides) => meanOf(sides[side].map(({ logp }) => logp));
    const sequencesOf = (side: keyof typeof sides) => sides[side].map(({ sequence }) => sequence);
    return {
      loss: meanOf(answers.map(({ value }) => value)).sum,
      cotangents: judged.map((row) => row.answers.map(({ cotangents }) => cotangents)),
      metrics: {
        kl: meanOf(judged.map(({ z }) => z)),
        'rewards/chosen': rewards('chosen'),
        'rewards/rejected': rewards('rejected'),
        'rewards/margins': { ...rewards('chosen'), less: rewards('rejected') },
        'logps/chosen': logps('chosen'),
        'logps/rejected': logps('rejected'),
        'logits/chosen': perToken(sequencesOf('chosen'), 'mean_logit'),
        'logits/rejected': perToken(sequencesOf('rejected'), 'mean_logit'),
        entropy: perToken(groups.flat(), 'entropy'),
      },
    };
  }

  /** @param of answers of its row, which count as one */
  private answerLoss(sequence: Sequence, z: number, of: number) {
    const { beta, desirable_weight, undesirable_weight } = this.options;
    const label = sequence.label === true;
    const logp = sum(sequence.values.logp);
    const l = logRatio(sequence);
    const weight = (label ? desirable_weight : undesirable_weight) / of;
    const sign = label ? 1 : -1;
    const doubt = sigmoid(-sign * beta * (l - z));
    const slope = -sign * weight * beta * doubt * (1 - doubt);
    return {
      sequence,
      label,
      logp,
      reward: beta * l,
      value: weight * doubt,
      cotangents: new Float32Array(sequence.values.logp.length).fill(slope),
    };
  }
}

const logRatio = ({ values, reference_logp }: Sequence): number => sum(values.logp) - sum(reference_logp);

/** The mean log-ratio of all of a step's mismatched sequences, at least 0. */
function divergence(groups: readonly Group[]): readonly Told[] {
  const { sum: total, count } = meanOf(groups.flat().map(logRatio));
  return groups.map(() => [Math.max(0, total / count)]);
}
