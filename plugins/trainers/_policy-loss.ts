/** Losses of a policy over its own answers, by the ratio of its probability of a token to that when it answered. */

export interface PolicyLossOptions {
  readonly loss_type: 'grpo' | 'bnpo' | 'dr_grpo' | 'dapo' | 'cispo' | 'sapo';
  readonly importance_sampling_level: 'token' | 'sequence' | 'sequence_token';
  readonly epsilon: number;
  readonly epsilon_high: number | null;
  readonly delta: number | null;
  readonly beta: number;
  readonly tau_pos: number;
  readonly tau_neg: number;
}

/** Of one answer; each array has a value for each of its tokens. */
export interface PolicyTokens {
  readonly logp: Float32Array;
  readonly old_logp: Float32Array;
  /** Empty without a reference. */
  readonly reference_logp: Float32Array;
  readonly advantage: number;
}

export interface PolicyLoss {
  /** Of each token, in nats. */
  readonly losses: Float64Array;
  /** Derivative of each token's share by its own `logp`, and by those of the others where the ratio is the whole answer's. */
  readonly slopes: Float64Array;
  /** Estimate of the divergence from the reference (Schulman, 2020, http://joschu.net/blog/kl-approx.html, k3); zeros without one. */
  readonly kl: Float64Array;
  /** 1 where the ratio is clipped: below with a negative advantage, above with a positive one. */
  readonly clipped: { readonly low: Float64Array; readonly high: Float64Array };
}

/**
 * grpo, bnpo, dr_grpo and dapo: −min(ρA, clip(ρ, 1−ε, 1+ε_high)·A), with ρ ≤ δ where there is one (Schulman et al., 2017; Ye
 * et al., 2020). cispo (arXiv 2506.13585): −min(ρ, ε_high)·A·log π with the first factor held fast. sapo (arXiv
 * 2511.20347): −A·(4/τ)·σ(τ(ρ−1)). To each, β·k3 is added. ρ is a token's, or (GSPO, arXiv 2507.18071) the
 * answer's geometric mean; `sequence_token` has that value, and each token's own gradient.
 */
export function policyLoss(
  { logp, old_logp, reference_logp, advantage }: PolicyTokens,
  options: PolicyLossOptions,
): PolicyLoss {
  const { length } = logp;
  const zeros = (): Float64Array => new Float64Array(length);
  const result = { losses: zeros(), slopes: zeros(), kl: zeros(), clipped: { low: zeros(), high: zeros() } };
  const logRatios = Float64Array.from(logp, (value, t) => value - old_logp[t]);
  const ofAnswer = logRatios.reduce((sum, one) => sum + one, 0) / length;
  const highest = options.epsilon_high ?? options.epsilon;
  for (let t = 0; t < length; t++) {
    const ratio = Math.exp(options.importance_sampling_level === 'token' ? logRatios[t] : ofAnswer);
    const { loss, slope } = shapeOf(ratio, advantage, logp[t], options);
    result.losses[t] = loss;
    result.slopes[t] = slope;
    result.clipped.low[t] = advantage < 0 && ratio < 1 - options.epsilon ? 1 : 0;
    result.clipped.high[t] =
      advantage > 0 && ratio > (options.loss_type === 'cispo' ? highest : 1 + highest) ? 1 : 0;
    if (reference_logp.length === 0 || options.beta === 0) continue;
    const apart = reference_logp[t] - logp[t];
    result.kl[t] = Math.expm1(apart) - apart;
    result.losses[t] += options.beta * result.kl[t];
    result.slopes[t] -= options.beta * Math.expm1(apart);
  }
  return result;
}

/**
 * A token's loss, and what it adds to its derivative by a log-probability. Where the ratio is the whole answer's, each
 * token's derivative is 1/n of every token's, which add up to the same.
 */
function shapeOf(
  ratio: number,
  advantage: number,
  logp: number,
  { loss_type, epsilon, epsilon_high, delta, tau_pos, tau_neg }: PolicyLossOptions,
): { readonly loss: number; readonly slope: number } {
  const high = epsilon_high ?? epsilon;
  if (loss_type === 'cispo') {
    const factor = -Math.min(ratio, high) * advantage;
    return { loss: factor * logp, slope: factor };
  }
  if (loss_type === 'sapo') {
    const tau = advantage > 0 ? tau_pos : tau_neg;
    const soft = 1 / (1 + Math.exp(-tau * (ratio - 1)));
    return { loss: (-advantage * 4 * soft) / tau, slope: -advantage * 4 * soft * (1 - soft) * ratio };
  }
  const capped = delta === null ? ratio : Math.min(ratio, delta);
  const clipped = Math.min(Math.max(ratio, 1 - epsilon), 1 + high);
  const counted = capped * advantage <= clipped * advantage ? capped : clipped;
  return { loss: -counted * advantage, slope: counted === ratio ? -advantage * ratio : 0 };
}
