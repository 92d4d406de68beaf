/** Generalized advantage estimation (Schulman et al., 2016, arXiv 1506.02438), of answers whose reward comes at their end. */
import type { MeasuredAnswer, TokenFacts } from 'swift-ts/plugin';

export interface GaeOptions {
  readonly kl_coef: number;
  readonly gamma: number;
  readonly lam: number;
  readonly whiten_rewards: boolean;
  readonly missing_eos_penalty: number | null;
}

/** Keeps a spread of nothing from dividing by nothing. */
const LEAST_VARIANCE = 1e-8;

/**
 * Of each token: rewards are −kl_coef·(log π − log ref), and at the last one the answer's reward too (Ziegler et al., 2019, arXiv
 * 1909.08593); δ = r + γ·V′ − V, A = δ + γλ·A′, returns A + V. Advantages are brought to mean 0 and spread 1 over all tokens
 * of a step; rewards, where they are, to spread 1.
 */
export function estimate(answers: readonly MeasuredAnswer[], options: GaeOptions): TokenFacts[] {
  const { kl_coef, gamma, lam, whiten_rewards, missing_eos_penalty } = options;
  const rewards = answers.map(({ reward, is_whole, old_logp, reference_logp }) => {
    const own = Float64Array.from(old_logp, (logp, t) => -kl_coef * (logp - (reference_logp[t] ?? logp)));
    const penalty = is_whole ? 0 : (missing_eos_penalty ?? 0);
    if (own.length > 0) own[own.length - 1] += (Number.isNaN(reward) ? 0 : reward) - penalty;
    return own;
  });
  if (whiten_rewards) whiten(rewards, false);
  const advantages = answers.map(({ values }, i) => {
    const own = new Float64Array(values.length);
    let later = 0;
    for (let t = values.length - 1; t >= 0; t--) {
      const next = t + 1 < values.length ? values[t + 1] : 0;
      later = rewards[i][t] + gamma * next - values[t] + gamma * lam * later;
      own[t] = later;
    }
    return own;
  });
  const returns = advantages.map((own, i) => Float32Array.from(own, (one, t) => one + answers[i].values[t]));
  whiten(advantages, true);
  return answers.map(({ values: old_values }, i) => {
    return { advantages: Float32Array.from(advantages[i]), returns: returns[i], old_values };
  });
}

/** In place, over all: to spread 1, and to mean 0 where it is shifted. */
function whiten(parts: readonly Float64Array[], shifts: boolean): void {
  const all = parts.flatMap((own) => [...own]);
  if (all.length < 2) return;
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
  const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (all.length - 1);
  const factor = 1 / Math.sqrt(variance + LEAST_VARIANCE);
  for (const own of parts)
    for (let t = 0; t < own.length; t++) own[t] = (own[t] - mean) * factor + (shifts ? 0 : mean);
}
