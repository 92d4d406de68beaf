import { preferencePair } from 'swift-ts/plugin';
import type { Group, Objective, ObjectiveResult, StandardRow, Survey, Told } from 'swift-ts/plugin';
import { scoreOf, type DivergenceType } from './_divergences.js';
import { crossEntropy } from './_numbers.js';
import { MEASURED, meanOf, pairMetrics } from './_pair-metrics.js';
import {
  pairLoss,
  RANKED,
  rankPartners,
  type LossType,
  type Pair,
  type PairSlope,
  type ShapeOptions,
  type Side,
} from './_preference-losses.js';

export interface DirectPreferenceOptions extends ShapeOptions {
  /** Shapes with what each counts. */
  readonly losses: readonly (readonly [LossType, weight: number])[];
  readonly rpo_alpha: number;
  /** Weight of tokens beyond the shorter answer's length. */
  readonly ld_alpha: number;
  readonly f_divergence_type: DivergenceType;
  readonly f_alpha_divergence_coef: number;
  readonly reference_free: boolean;
}

/**
 * Losses of how much more than the reference the model prefers the chosen answer of a pair; without a reference, of how much
 * it prefers it at all.
 */
export class DirectPreference implements Objective {
  readonly quantities = MEASURED;
  readonly reference: boolean;
  readonly survey?: Survey;

  constructor(private readonly options: DirectPreferenceOptions) {
    this.reference = !options.reference_free;
    if (!options.losses.some(([name]) => RANKED.includes(name))) return;
    this.survey = {
      of: 'rows',
      tell: (groups) => rankPartners(groups.map((group) => this.pairOf(group))),
    };
  }

  sequences(row: StandardRow): readonly [StandardRow, StandardRow] {
    return preferencePair(row);
  }

  loss(groups: readonly Group[], told: readonly Told[]): ObjectiveResult {
    const { beta, losses, rpo_alpha } = this.options;
    const logsCrossEntropy = rpo_alpha > 0 || losses.some(([name]) => name === 'sft');
    const pairs = groups.map((group, i) => {
      const pair: Pair = { ...this.pairOf(group), told: told[i] };
      return { pair, result: this.lossOf(group, pair) };
    });
    return {
      loss: meanOf(pairs.map(({ result }) => result.value)).sum,
      cotangents: pairs.map(({ result }) => result.cotangents),
      metrics: {
        ...pairMetrics(
          groups,
          pairs.map(({ pair: { chosen, rejected } }) => [
            { reward: beta * chosen.log_ratio, logp: chosen.logp },
            { reward: beta * rejected.log_ratio, logp: rejected.logp },
          ]),
        ),
        ...(logsCrossEntropy && {
          nll_loss: meanOf(groups.map(([chosen]) => crossEntropy(chosen.values.logp))),
        }),
      },
    };
  }

  private pairOf(group: Group): Omit<Pair, 'told'> {
    const weights = this.weightsOf(group);
    const [chosen, rejected] = group.map((sequence, s): Side => {
      const logp = dot(sequence.values.logp, weights[s]);
      const log_ratio = logp - dot(sequence.reference_logp, weights[s]);
      const { f_divergence_type, f_alpha_divergence_coef } = this.options;
      const score = scoreOf(f_divergence_type, log_ratio, f_alpha_divergence_coef);
      return { logp, log_ratio, score, tokens: sequence.values.logp.length };
    });
    return { chosen, rejected };
  }

  /** Of each token of the two answers. */
  private weightsOf(group: Group): readonly Float32Array[] {
    const lengths = group.map(({ values }) => values.logp.length);
    const shared = Math.min(...lengths);
    return lengths.map((length) => new Float32Array(length).fill(1).fill(this.options.ld_alpha, shared));
  }

  private lossOf(group: Group, pair: Pair): { value: number; cotangents: readonly Float32Array[] } {
    const { losses, rpo_alpha } = this.options;
    const [chosen] = group;
    const parts = losses.flatMap(([name, weight]): PairSlope[] =>
      name === 'sft' ? [] : [scaled(pairLoss(name, pair, this.options), weight)],
    );
    const total = (of: (part: PairSlope) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
    const supervised = losses.reduce((sum, [name, weight]) => sum + (name === 'sft' ? weight : 0), rpo_alpha);
    const slopes = [total((part) => part.by_chosen), total((part) => part.by_rejected)];
    const [better, worse] = this.weightsOf(group).map((weights, s) => weights.map((w) => w * slopes[s]));
    return {
      value: total((part) => part.value) + supervised * crossEntropy(chosen.values.logp),
      cotangents: [better.map((slope) => slope - supervised / pair.chosen.tokens), worse],
    };
  }
}

function scaled({ value, by_chosen, by_rejected }: PairSlope, weight: number): PairSlope {
  return { value: weight * value, by_chosen: weight * by_chosen, by_rejected: weight * by_rejected };
}

/** Over the first of `values`, which may be none. */
function dot(values: Float32Array, weights: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * weights[i];
  return total;
}
