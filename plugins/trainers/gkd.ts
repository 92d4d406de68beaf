import {
  argument,
  trainer,
  type Group,
  type Objective,
  type ObjectiveResult,
  type ReadingName,
  type Rollouts,
  type StandardRow,
  type StepTotals,
  type Told,
  type TokenQuantity,
  type Trainer,
  type ValuesOf,
} from 'swift-ts/plugin';
import { sum } from './_numbers.js';
import { rolloutArguments, rolloutsOf } from './_rollout-arguments.js';

const gkdArguments = {
  ...rolloutArguments,
  beta: argument.float({
    default: 0.5,
    min: 0,
    max: 1,
    help: 'where the mixture lies that both are held against: 0 is KL(teacher‖student), 1 KL(student‖teacher)',
  }),
  lmbda: argument.float({
    default: 0.5,
    min: 0,
    max: 1,
    help: "chance that a step learns from the student's own answers instead of the rows'",
  }),
  seq_kd: argument.bool({
    default: false,
    help: "where it does not, learn from the teacher's answers instead of the rows'",
  }),
  gkd_logits_topk: argument.optionalInt({
    min: 1,
    help: "hold predictions over so many of the teacher's likeliest tokens against each other",
    derived: 'over all tokens',
  }),
  sft_alpha: argument.float({
    default: 0,
    min: 0,
    help: "weight of the cross entropy beside it, in steps that learn from answers which are not the student's",
  }),
} as const;

export type GkdOptions = ValuesOf<typeof gkdArguments>;

/**
 * Generalized knowledge distillation (Agarwal et al., 2024, arXiv 2306.13649): the mean over tokens of the generalized Jensen-Shannon
 * divergence of the student's predictions from the teacher's, both at `temperature`, on answers of rows or of the student.
 */
@trainer({
  id: 'gkd',
  command: 'rlhf',
  summary:
    "generalized knowledge distillation: a student learns a teacher's predictions, on its own answers too",
  arguments: gkdArguments,
  defaults: { lora_dropout: 0 },
})
export class GkdTrainer implements Trainer<GkdOptions> {
  readonly supervise = 'assistant';

  objective(options: GkdOptions): Objective {
    return new GkdObjective(options);
  }
}

class GkdObjective implements Objective {
  readonly quantities: readonly TokenQuantity[];
  readonly readings: readonly ReadingName[] = ['divergence'];
  readonly reference = false;
  readonly teacher: NonNullable<Objective['teacher']>;
  readonly rollouts: Rollouts;

  constructor(private readonly options: GkdOptions) {
    const { beta, temperature, lmbda, seq_kd, sft_alpha, gkd_logits_topk } = options;
    this.quantities = sft_alpha > 0 ? ['logp'] : [];
    this.teacher = { beta, temperature, most: gkd_logits_topk ?? undefined };
    this.rollouts = {
      ...rolloutsOf(options),
      num_generations: 1,
      num_iterations: 1,
      overlong_filter: false,
      max_resample_times: 0,
      given: lmbda < 1 ? { share: 1 - lmbda, by: seq_kd ? 'teacher' : 'rows' } : undefined,
    };
  }

  sequences(row: StandardRow): readonly [StandardRow] {
    return [row];
  }

  loss(groups: readonly Group[], _told: readonly Told[], step: StepTotals): ObjectiveResult {
    const weight = step.groups / Math.max(1, step.tokens);
    const { sft_alpha } = this.options;
    const sequences = groups.map(([{ values, readings, answer }]) => {
      const divergence = readings!.divergence!;
      const alpha = answer?.by === 'student' ? 0 : sft_alpha;
      const logp = alpha > 0 ? sum(values.logp) : 0;
      return {
        tokens: divergence.length,
        divergence: sum(divergence),
        loss: weight * (sum(divergence) - alpha * logp),
        cotangents: [new Float32Array(sft_alpha > 0 ? divergence.length : 0).fill(-alpha * weight)],
        reading_cotangents: [{ divergence: new Float32Array(divergence.length).fill(weight) }],
        isOwn: answer?.by === 'student',
      };
    });
    const total = (of: (one: (typeof sequences)[number]) => number): number =>
      sequences.reduce((all, one) => all + of(one), 0);
    return {
      loss: total(({ loss }) => loss),
      cotangents: sequences.map(({ cotangents }) => cotangents),
      reading_cotangents: sequences.map(({ reading_cotangents }) => reading_cotangents),
      metrics: {
        divergence: { sum: total(({ divergence }) => divergence), count: total(({ tokens }) => tokens) },
        on_policy: { sum: total(({ isOwn }) => (isOwn ? 1 : 0)), count: sequences.length },
      },
    };
  }
}
