import {
  argument,
  trainer,
  type Group,
  type Objective,
  type ObjectiveResult,
  type ReadingName,
  type Rollouts,
  type Sequence,
  type StandardRow,
  type StepTotals,
  type TaskHeads,
  type Told,
  type TokenQuantity,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import { estimate } from './_gae.js';
import { rolloutArguments, rolloutsOf } from './_rollout-arguments.js';

const ppoArguments = {
  ...rolloutArguments,
  num_ppo_epochs: argument.int({
    default: 4,
    min: 1,
    help: 'optimizer steps that learn from the same answers',
  }),
  kl_coef: argument.float({ default: 0.05, min: 0, help: 'how much departing from the reference costs' }),
  cliprange: argument.float({ default: 0.2, min: 0, help: 'how far from 1 a ratio of probabilities counts' }),
  vf_coef: argument.float({ default: 0.1, min: 0, help: "weight of the values' squared errors" }),
  cliprange_value: argument.float({ default: 0.2, min: 0, help: 'how far values move in a step' }),
  gamma: argument.float({ default: 1, min: 0, max: 1, help: 'how much a later reward counts' }),
  lam: argument.float({
    default: 0.95,
    min: 0,
    max: 1,
    help: 'how far rewards are looked for beyond values',
  }),
  whiten_rewards: argument.bool({ default: false, help: 'bring rewards to a spread of 1' }),
  missing_eos_penalty: argument.optionalFloat({
    min: 0,
    help: 'taken off the reward of an answer that does not end by itself',
    derived: 'nothing',
  }),
} as const;

export type PpoOptions = ValuesOf<typeof ppoArguments>;

/**
 * Proximal policy optimization (Schulman et al., 2017, arXiv 1707.06347) of answers to prompts: clipped ratios weighed by
 * advantages, and a value head on the same trunk, clipped too. Both are means over all tokens of a step.
 */
@trainer({
  id: 'ppo',
  command: 'rlhf',
  summary: 'proximal policy optimization: rewards for answers, and a value for each state on the way',
  arguments: ppoArguments,
})
export class PpoTrainer implements Trainer<PpoOptions> {
  readonly supervise = 'assistant';

  heads(): TaskHeads {
    return { value: true };
  }

  objective(options: PpoOptions): Objective {
    return new PpoObjective(options);
  }
}

class PpoObjective implements Objective {
  readonly quantities: readonly TokenQuantity[] = ['logp', 'entropy'];
  readonly readings: readonly ReadingName[] = ['value'];
  readonly reference: boolean;
  readonly rollouts: Rollouts;

  constructor(private readonly options: PpoOptions) {
    this.reference = options.kl_coef > 0;
    this.rollouts = {
      ...rolloutsOf(options),
      num_generations: 1,
      num_iterations: options.num_ppo_epochs,
      overlong_filter: false,
      max_resample_times: 0,
      ofTokens: (answers) => estimate(answers, options),
    };
  }

  sequences(row: StandardRow): readonly [StandardRow] {
    return [row];
  }

  loss(groups: readonly Group[], _told: readonly Told[], step: StepTotals): ObjectiveResult {
    const weight = step.groups / Math.max(1, step.tokens);
    const answers = groups.map(([sequence]) => this.lossOf(sequence, weight));
    const tokens = answers.reduce((sum, { count }) => sum + count, 0);
    const mean = (of: (answer: (typeof answers)[number]) => number) => {
      return { sum: answers.reduce((sum, answer) => sum + of(answer), 0), count: tokens };
    };
    return {
      loss: weight * answers.reduce((sum, { policy, value }) => sum + policy + value, 0),
      cotangents: answers.map(({ byLogp }) => [byLogp]),
      reading_cotangents: answers.map(({ byValue }) => [{ value: byValue }]),
      metrics: {
        entropy: mean(({ entropy }) => entropy),
        approxkl: mean(({ apart }) => apart),
        'loss/policy': mean(({ policy }) => policy),
        'loss/value': mean(({ value }) => value),
        'clip_ratio/region_mean': mean(({ clipped }) => clipped),
        value_clip_ratio: mean(({ valueClipped }) => valueClipped),
      },
    };
  }

  /** Sums over an answer's tokens, and gradients of the mean. */
  private lossOf({ values, readings, answer }: Sequence, weight: number) {
    const { cliprange, cliprange_value, vf_coef } = this.options;
    const { logp, entropy } = values;
    const value = readings!.value!;
    const { advantages, returns, old_values } = answer!.tokens!;
    const old = answer!.old_logp!;
    const sums = {
      count: logp.length,
      policy: 0,
      value: 0,
      entropy: 0,
      apart: 0,
      clipped: 0,
      valueClipped: 0,
    };
    const [byLogp, byValue] = [new Float32Array(logp.length), new Float32Array(logp.length)];
    for (let t = 0; t < logp.length; t++) {
      const ratio = Math.exp(logp[t] - old[t]);
      const bounded = Math.min(Math.max(ratio, 1 - cliprange), 1 + cliprange);
      const isOpen = -advantages[t] * ratio >= -advantages[t] * bounded;
      sums.policy -= advantages[t] * (isOpen ? ratio : bounded);
      byLogp[t] = isOpen || bounded === ratio ? -weight * advantages[t] * ratio : 0;
      sums.clipped += isOpen ? 0 : 1;
      const near = Math.min(
        Math.max(value[t], old_values[t] - cliprange_value),
        old_values[t] + cliprange_value,
      );
      const [error, nearError] = [value[t] - returns[t], near - returns[t]];
      const isFree = error ** 2 >= nearError ** 2;
      sums.value += (vf_coef / 2) * (isFree ? error : nearError) ** 2;
      byValue[t] = isFree || near === value[t] ? weight * vf_coef * error : 0;
      sums.valueClipped += isFree ? 0 : 1;
      sums.entropy += entropy[t];
      sums.apart += (logp[t] - old[t]) ** 2 / 2;
    }
    return { ...sums, byLogp, byValue };
  }
}
