import {
  add,
  div,
  expand,
  greaterEqual,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  scalar,
  sigmoid,
  slice,
  softmax,
  takeAlong,
  topK,
  where,
  MASKED,
  type Tensor,
} from '../graph/index.js';
import type { Parameter } from './parameter.js';
import type { Scope } from './scope.js';

/** Which experts each token goes to, and with what weight. */
export interface Routing {
  /** float32 [N, k] */
  readonly weights: Tensor;
  /** int32 [N, k] */
  readonly experts: Tensor;
  /** Softmax of the router's logits, [N, E], for the load-balancing loss. */
  readonly probabilities: Tensor;
}

/** Chooses experts by the router's logits [N, E]. */
export type Route = (scope: Scope, logits: Tensor) => Routing;

/** Experts in groups, of which a token may use some only (DeepSeek-V2 and V3). */
export interface ExpertGroups {
  readonly count: number;
  /** Groups a token may use: those of the highest score. */
  readonly kept: number;
  /** A group's score: its best expert's, or the sum of its best two. */
  readonly score: 'best' | 'best-two';
}

export interface RouteOptions {
  /** Experts per token. */
  readonly k: number;
  /** What makes scores of logits; softmax by default. */
  readonly score?: 'softmax' | 'sigmoid';
  /** Whether the weights of a token's experts are scaled to add up to 1. */
  readonly normalize: boolean;
  /** Factor on the weights. */
  readonly scale?: number;
  readonly groups?: ExpertGroups;
  /** Added to the scores where experts are chosen, not where they are weighed. [E] or [1, E] */
  readonly correction?: Parameter;
}

/** The k experts of the highest scores, weighted by them. */
export function topExperts({ k, score, normalize, scale, groups, correction }: RouteOptions): Route {
  return (scope, logits) => {
    const probabilities = softmax(logits);
    const scores = score === 'sigmoid' ? sigmoid(logits) : probabilities;
    const ranked = correction ? add(scores, scope.param(correction)) : scores;
    const { indices: experts } = topK(groups ? withinGroups(ranked, groups) : ranked, k);
    const own = takeAlong(scores, experts);
    const shares = normalize ? div(own, add(reduceSum(own, [-1], true), scalar(1e-20))) : own;
    return { weights: scale === undefined ? shares : mul(shares, scalar(scale)), experts, probabilities };
  };
}

/** Scores [N, E] where those of all groups but the kept ones are out of reach. */
function withinGroups(scores: Tensor, { count, kept, score }: ExpertGroups): Tensor {
  const [tokens, experts] = scores.shape;
  const grouped = reshape(scores, [tokens, count, experts / count]);
  const best =
    score === 'best'
      ? reduceMax(grouped, [-1])
      : reduceSum(topK(grouped, Math.min(2, experts / count)).values, [-1]);
  const least = slice(topK(best, kept).values, 1, kept - 1, kept);
  const isKept = expand(reshape(where(greaterEqual(best, least), scalar(1), scalar(0)), [tokens, count, 1]), [
    tokens,
    count,
    experts / count,
  ]);
  return reshape(where(greaterEqual(isKept, scalar(0.5)), grouped, scalar(MASKED)), scores.shape);
}
