import { logSigmoid, sigmoid, type Slope } from './_numbers.js';

/** Larger exponents leave float32. */
const MOST = 80;

/**
 * Scores of a log-ratio l that make DPO's regularizer another divergence than the reverse KL (f-DPO, Wang et al., 2023, arXiv
 * 2309.16240): f′ at the ratio.
 */
const SCORES = {
  reverse_kl: (l: number): Slope => ({ value: l, slope: 1 }),
  forward_kl: (l: number): Slope => ({ value: 1 - Math.exp(-l), slope: Math.exp(-l) }),
  js_divergence: (l: number): Slope => ({ value: Math.LN2 + logSigmoid(l), slope: sigmoid(-l) }),
  alpha_divergence: (l: number, alpha: number): Slope => {
    const power = alpha - 1;
    // Its limit at 1.
    if (Math.abs(power) < 1e-6) return { value: l, slope: 1 };
    const isCut = power * l > MOST;
    const value = Math.exp(isCut ? MOST : power * l);
    return { value: (value - 1) / power, slope: isCut ? 0 : value };
  },
} as const;

export type DivergenceType = keyof typeof SCORES;
export const DIVERGENCE_TYPES = Object.keys(SCORES) as [DivergenceType, ...DivergenceType[]];

export function scoreOf(type: DivergenceType, log_ratio: number, alpha: number): Slope {
  return SCORES[type](log_ratio, alpha);
}
