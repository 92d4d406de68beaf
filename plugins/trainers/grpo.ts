import {
  argument,
  SwiftError,
  trainer,
  type Group,
  type Objective,
  type ObjectiveResult,
  type RewardedGroup,
  type Rollouts,
  type Sequence,
  type StandardRow,
  type StepTotals,
  type Told,
  type TokenQuantity,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import { advantagesOf } from './_advantages.js';
import { policyLoss, type PolicyLoss } from './_policy-loss.js';
import { rolloutArguments, rolloutsOf } from './_rollout-arguments.js';

const grpoArguments = {
  ...rolloutArguments,
  num_generations: argument.int({ default: 8, min: 2, help: 'answers to each prompt, which are compared' }),
  num_iterations: argument.int({
    default: 1,
    min: 1,
    help: 'optimizer steps that learn from the same answers',
  }),
  beta: argument.float({
    default: 0.04,
    min: 0,
    help: 'how much departing from the reference costs; 0 needs none',
  }),
  loss_type: argument.choice(['grpo', 'bnpo', 'dr_grpo', 'dapo', 'cispo', 'sapo'], {
    default: 'grpo',
    help: 'shape of the loss, and over what it is a mean',
  }),
  epsilon: argument.float({
    default: 0.2,
    min: 0,
    help: 'how far below 1 a ratio of probabilities counts',
  }),
  epsilon_high: argument.optionalFloat({
    min: 0,
    help: 'how far above 1 it counts; with loss_type cispo, the largest ratio',
    derived: 'as epsilon',
  }),
  delta: argument.optionalFloat({
    min: 1,
    help: 'largest ratio that counts at all, where the advantage is negative too',
    derived: 'none',
  }),
  importance_sampling_level: argument.choice(['token', 'sequence', 'sequence_token'], {
    default: 'token',
    help: 'whose ratio: of each token, or of the whole answer (GSPO)',
  }),
  tau_pos: argument.float({ default: 1, min: 0, above: true, help: 'loss_type sapo: for better answers' }),
  tau_neg: argument.float({ default: 1.05, min: 0, above: true, help: 'loss_type sapo: for worse ones' }),
  advantage_estimator: argument.choice(['grpo', 'rloo', 'reinforce_plus_plus'], {
    default: 'grpo',
    help: 'what an answer is held against: the mean of its group, or of the others of it',
  }),
  scale_rewards: argument.choice(['group', 'batch', 'none', 'gdpo'], {
    default: 'group',
    help: 'whose spread divides: of the group, of all answers of a step, none, or each reward by itself',
    choiceAliases: { true: 'group', false: 'none' },
  }),
  dynamic_sample: argument.bool({
    default: false,
    help: 'draw other prompts instead of those whose answers are all worth the same (DAPO)',
  }),
  max_resample_times: argument.int({ default: 3, min: 1, help: 'how often, at most' }),
  overlong_filter: argument.bool({
    default: false,
    help: 'learn nothing from answers that were cut off at max_completion_length',
  }),
} as const;

export type GrpoOptions = ValuesOf<typeof grpoArguments>;

/**
 * Group relative policy optimization (Shao et al., 2024, arXiv 2402.03300) and its kin: several answers to a prompt, rewarded,
 * and made likelier or less likely by how they compare. Over what the loss is a mean: grpo and sapo, of the means of
 * answers; bnpo, dapo and cispo, of all tokens of a step; dr_grpo (arXiv 2503.20783), of as many tokens as the answers
 * might have had.
 */
@trainer({
  id: 'grpo',
  command: 'rlhf',
  summary: 'group relative policy optimization: rewards for answers that the model gives',
  arguments: grpoArguments,
  defaults: { lora_dropout: 0 },
})
export class GrpoTrainer implements Trainer<GrpoOptions> {
  readonly supervise = 'assistant';

  objective(options: GrpoOptions): Objective {
    if (options.scale_rewards === 'gdpo' && options.advantage_estimator !== 'grpo') {
      throw new SwiftError('BAD_ARGUMENT', `--scale_rewards gdpo has an estimator of its own`, {
        cure: `Leave out --advantage_estimator ${options.advantage_estimator}.`,
      });
    }
    for (const name of ['tau_pos', 'tau_neg'] as const) {
      if (options.loss_type === 'sapo' || options[name] === grpoArguments[name].default) continue;
      throw new SwiftError('BAD_ARGUMENT', `--${name}: --loss_type ${options.loss_type} does not read it`, {
        cure: 'Leave it out, or take --loss_type sapo.',
      });
    }
    return new GrpoObjective(options);
  }
}

class GrpoObjective implements Objective {
  readonly quantities: readonly TokenQuantity[] = ['logp', 'entropy'];
  readonly reference: boolean;
  readonly rollouts: Rollouts;

  constructor(private readonly options: GrpoOptions) {
    this.reference = options.beta > 0;
    this.rollouts = {
      ...rolloutsOf(options),
      num_generations: options.num_generations,
      num_iterations: options.num_iterations,
      overlong_filter: options.overlong_filter,
      max_resample_times: options.dynamic_sample ? options.max_resample_times : 0,
      advantages: (groups: readonly RewardedGroup[]) => advantagesOf(groups, options),
    };
  }

  sequences(row: StandardRow): readonly [StandardRow] {
    return [row];
  }

  loss(groups: readonly Group[], _told: readonly Told[], step: StepTotals): ObjectiveResult {
    const answers = groups.map(([sequence]) => this.lossOf(sequence, step));
    const perToken = (of: (answer: (typeof answers)[number]) => Iterable<number>) => {
      const values = answers.flatMap((answer) => [...of(answer)]);
      return { sum: sum(values), count: values.length };
    };
    return {
      loss: sum(answers.map(({ loss }) => loss)),
      cotangents: answers.map(({ cotangents }) => [cotangents]),
      metrics: {
        entropy: perToken(({ entropy }) => entropy),
        ...(this.reference && { kl: perToken(({ kl }) => kl) }),
        ...this.clipMetrics(answers.map(({ clipped }) => clipped)),
      },
    };
  }

  /** Shares of what is clipped: of tokens, or of answers where these have one ratio each. */
  private clipMetrics(answers: readonly PolicyLoss['clipped'][]): ObjectiveResult['metrics'] {
    const { loss_type, importance_sampling_level: level } = this.options;
    if (loss_type === 'sapo') return {};
    const share = (of: (clipped: PolicyLoss['clipped']) => Iterable<number>) => {
      const values = answers.flatMap((clipped) =>
        level === 'sequence' ? [...of(clipped)].slice(0, 1) : [...of(clipped)],
      );
      return { sum: sum(values), count: values.length };
    };
    const high = share((clipped) => clipped.high);
    if (loss_type === 'cispo') return { cispo_clip_ratio: high };
    const low = share((clipped) => clipped.low);
    return {
      'clip_ratio/low_mean': low,
      'clip_ratio/high_mean': high,
      'clip_ratio/region_mean': { sum: low.sum + high.sum, count: low.count },
    };
  }

  private lossOf({ values, reference_logp, answer }: Sequence, step: StepTotals) {
    const { logp, entropy } = values;
    const { advantage, old_logp = logp } = answer!;
    const { losses, slopes, kl, clipped } = policyLoss(
      { logp, old_logp, reference_logp, advantage },
      this.options,
    );
    const weight = this.weightOf(logp.length, step);
    const cotangents = Float32Array.from(slopes, (slope) => weight * slope);
    return { loss: weight * sum(losses), cotangents, entropy, kl, clipped };
  }

  /** How much a token of an answer counts in the mean over the groups. */
  private weightOf(length: number, step: StepTotals): number {
    const { loss_type, max_completion_length } = this.options;
    if (loss_type === 'dr_grpo') return 1 / max_completion_length;
    if (loss_type === 'grpo' || loss_type === 'sapo') return 1 / Math.max(1, length);
    return step.groups / Math.max(1, step.tokens);
  }
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
