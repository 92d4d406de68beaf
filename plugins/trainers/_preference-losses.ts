/** The shapes of DPO's loss of a pair: each its value, and by hand its slopes by the two log-ratios. */
import type { Told } from 'swift-ts/plugin';
import { hinge, identity, logistic, logSigmoid, sigmoid, smoothed, type Slope } from './_numbers.js';

export interface ShapeOptions {
  readonly beta: number;
  readonly label_smoothing: number;
  readonly discopop_tau: number;
}

/** What a shape reads of a pair. A log-ratio is the log-probability of an answer less that of the reference. */
export interface Pair {
  readonly chosen: Side;
  readonly rejected: Side;
  /** By `rankPartners`, where a shape compares with other pairs of the step. */
  readonly told: Told;
}

export interface Side {
  /** Log-probability of the answer. */
  readonly logp: number;
  readonly log_ratio: number;
  /** What a divergence makes of the log-ratio, with the slope by it; the same for reverse KL. */
  readonly score: Slope;
  readonly tokens: number;
}

/** A loss, and how it grows with the log-ratio of each answer. */
export interface PairSlope {
  readonly value: number;
  readonly by_chosen: number;
  readonly by_rejected: number;
}

type Shape = (pair: Pair, options: ShapeOptions) => PairSlope;
type Curve = (x: number, options: ShapeOptions) => Slope;

/** Of β times how much better the chosen answer's score is. */
const ofDifference =
  (curve: Curve): Shape =>
  ({ chosen: { score: better }, rejected: { score: worse } }, options) => {
    const { value, slope } = curve(options.beta * (better.value - worse.value), options);
    const by = options.beta * slope;
    return { value, by_chosen: by * better.slope, by_rejected: -by * worse.slope };
  };

/** Of how much better the chosen answer's score is, each by its number of tokens. */
const ofMeans =
  (curve: Curve): Shape =>
  ({ chosen, rejected }, options) => {
    const difference = chosen.score.value / chosen.tokens - rejected.score.value / rejected.tokens;
    const { value, slope } = curve(difference, options);
    return {
      value,
      by_chosen: (slope * chosen.score.slope) / chosen.tokens,
      by_rejected: (-slope * rejected.score.slope) / rejected.tokens,
    };
  };

/** Of β times each log-ratio by itself. */
const ofEach =
  (better: Curve, worse: Curve): Shape =>
  ({ chosen, rejected }, options) => {
    const good = better(options.beta * chosen.log_ratio, options);
    const bad = worse(options.beta * rejected.log_ratio, options);
    return {
      value: good.value + bad.value,
      by_chosen: options.beta * good.slope,
      by_rejected: options.beta * bad.slope,
    };
  };

const SHAPES = {
  /** DPO, Rafailov et al., 2023, arXiv 2305.18290; smoothed as cDPO. */
  sigmoid: ofDifference((x, { label_smoothing }) => smoothed(x, label_smoothing)),
  hinge: ofDifference(hinge),
  /** Per token, as in the paper's experiments. */
  ipo: ofMeans((x, { beta }) => identity(x, beta)),
  /** Unbiased under a share ε of flipped preferences (Chowdhury et al., 2024, arXiv 2403.00409). */
  robust: ofDifference((x, { label_smoothing: e }) => ({
    value: (-(1 - e) * logSigmoid(x) + e * logSigmoid(-x)) / (1 - 2 * e),
    slope: (-(1 - e) * sigmoid(-x) - e * sigmoid(x)) / (1 - 2 * e),
  })),
  /** KL(σ(x) ‖ 1 − ε) (EXO, Ji et al., 2024, arXiv 2402.00856); ε is 0.001 where none is given, since 0 has no value. */
  exo_pair: ofDifference((x, { label_smoothing }) => {
    const e = label_smoothing === 0 ? 1e-3 : label_smoothing;
    const q = sigmoid(x);
    return {
      value: q * (logSigmoid(x) - Math.log1p(-e)) + (1 - q) * (logSigmoid(-x) - Math.log(e)),
      slope: q * (1 - q) * (x - Math.log((1 - e) / e)),
    };
  }),
  /** (1 − m)·logistic + m·exponential, m = σ(x/τ) (DiscoPOP, Lu et al., 2024, arXiv 2406.08414). */
  discopop: ofDifference((x, { discopop_tau: tau }) => {
    const m = sigmoid(x / tau);
    const { value, slope } = logistic(x);
    const exponential = Math.exp(logSigmoid(x / tau) - x); // m·e^−x, which alone may overflow
    return {
      value: value * (1 - m) + exponential,
      slope: slope * (1 - m) - (value * m * (1 - m)) / tau + exponential * ((1 - m) / tau - 1),
    };
  }),
  /** The logistic loss of means over tokens. */
  sigmoid_norm: ofMeans((x, { beta }) => {
    const { value, slope } = logistic(beta * x);
    return { value, slope: beta * slope };
  }),
  /** BCO on pairs (Jung et al., 2024, arXiv 2404.04656), without its running shift of rewards. */
  bco_pair: ofEach(logistic, (x) => {
    const { value, slope } = logistic(-x);
    return { value, slope: -slope };
  }),
  /** (l⁺ − 1/(2β))² + (l⁻ + 1/(2β))² (SPPO with certain preferences, Wu et al., 2024, arXiv 2405.00675). */
  sppo_hard: ({ chosen, rejected }, { beta }) => {
    const short = chosen.log_ratio - 0.5 / beta;
    const over = rejected.log_ratio + 0.5 / beta;
    return { value: short ** 2 + over ** 2, by_chosen: 2 * short, by_rejected: 2 * over };
  },
  /** NCA, Chen et al., 2024, arXiv 2402.05369. */
  nca_pair: ofEach(
    (x) => ({ value: -logSigmoid(x) - 0.5 * logSigmoid(-x), slope: 0.5 * sigmoid(x) - sigmoid(-x) }),
    (x) => ({ value: -0.5 * logSigmoid(-x), slope: 0.5 * sigmoid(x) }),
  ),
  /** The chosen answer up, the rejected one down (APO, D'Oosterlinck et al., 2024, arXiv 2408.06266, eq. 7). */
  apo_zero: ofEach(
    (x) => ({ value: sigmoid(-x), slope: -sigmoid(x) * sigmoid(-x) }),
    (x) => ({ value: sigmoid(x), slope: sigmoid(x) * sigmoid(-x) }),
  ),
  /** Both down, the rejected one more (eq. 8 there). */
  apo_down: ({ chosen, rejected }, { beta }) => {
    const good = sigmoid(beta * chosen.log_ratio);
    const apart = sigmoid(beta * (chosen.log_ratio - rejected.log_ratio));
    const by = beta * apart * (1 - apart);
    return { value: good + 1 - apart, by_chosen: beta * good * (1 - good) - by, by_rejected: by };
  },
  /**
   * AOT (Melnyk et al., 2024, arXiv 2406.05882): the margins of a step, sorted, against those of the reference, sorted; each pair's
   * against the one of its rank.
   */
  aot: ({ chosen, rejected, told: [margin] }, { beta, label_smoothing }) => {
    const { value, slope } = smoothed(beta * (chosen.logp - rejected.logp - margin), label_smoothing);
    return { value, by_chosen: beta * slope, by_rejected: -beta * slope };
  },
  /** The chosen log-ratios of a step, sorted, against the rejected ones, sorted. */
  aot_unpaired: ({ chosen, rejected, told: [, worse, better] }, { beta, label_smoothing }) => {
    const { value, slope } = smoothed(beta * (chosen.log_ratio - worse), label_smoothing);
    const other = smoothed(beta * (better - rejected.log_ratio), label_smoothing);
    return { value, by_chosen: beta * slope, by_rejected: -beta * other.slope };
  },
} as const satisfies Record<string, Shape>;

export type ShapeName = keyof typeof SHAPES;

/** Cross entropy of the chosen answer, beside the shapes. */
export const LOSS_TYPES = [...(Object.keys(SHAPES) as [ShapeName, ...ShapeName[]]), 'sft'] as const;
export type LossType = (typeof LOSS_TYPES)[number];

/** Which shapes an option says something to. */
export const READERS = {
  label_smoothing: ['sigmoid', 'robust', 'exo_pair', 'aot', 'aot_unpaired'],
  discopop_tau: ['discopop'],
  f_divergence_type: ['sigmoid', 'hinge', 'ipo', 'robust', 'exo_pair', 'discopop', 'sigmoid_norm', 'sft'],
} as const satisfies Record<string, readonly LossType[]>;

/** Shapes that compare a pair with others of its step. */
export const RANKED: readonly LossType[] = ['aot', 'aot_unpaired'];

export function pairLoss(name: ShapeName, pair: Pair, options: ShapeOptions): PairSlope {
  return SHAPES[name](pair, options);
}

/**
 * What each pair of a step is compared with where ranks count: the reference's margin of the rank that its own margin has; the
 * rejected log-ratio of its chosen one's rank; and the chosen log-ratio of its rejected one's rank.
 */
export function rankPartners(pairs: readonly Omit<Pair, 'told'>[]): readonly Told[] {
  const margins = pairs.map(({ chosen, rejected }) => chosen.logp - rejected.logp);
  const better = pairs.map(({ chosen }) => chosen.log_ratio);
  const worse = pairs.map(({ rejected }) => rejected.log_ratio);
  const expected = pairs.map((_, i) => margins[i] - (better[i] - worse[i]));
  const partners = [partnersOf(margins, expected), partnersOf(better, worse), partnersOf(worse, better)];
  return pairs.map((_, i) => partners.map((of) => of[i]));
}

/** For each value, the one of the others that has the same rank. */
function partnersOf(values: readonly number[], others: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const sorted = [...others].sort((a, b) => a - b);
  const found: number[] = [];
  order.forEach((at, rank) => (found[at] = sorted[rank]));
  return found;
}
