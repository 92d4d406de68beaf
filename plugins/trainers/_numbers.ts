export function sum(values: Float32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Mean cross entropy of tokens, in nats. @param logp their log-probabilities */
export const crossEntropy = (logp: Float32Array): number => -sum(logp) / logp.length;

/** σ(x). */
export const sigmoid = (x: number): number =>
  x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));

/** log σ(x), without overflow on either side. */
export const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));

/** A value and how it grows: f(x) and f′(x). */
export interface Slope {
  readonly value: number;
  readonly slope: number;
}

/** −log σ(x). */
export const logistic = (x: number): Slope => ({ value: -logSigmoid(x), slope: -sigmoid(-x) });

/** −(1 − ε)·log σ(x) − ε·log σ(−x): a share ε of the preferences is taken to be the wrong way round (cDPO, Mitchell 2023). */
export const smoothed = (x: number, e: number): Slope => ({
  value: -(1 - e) * logSigmoid(x) - e * logSigmoid(-x),
  slope: e * sigmoid(x) - (1 - e) * sigmoid(-x),
});

/** max(0, 1 − x) (SLiC, Zhao et al., 2023, arXiv 2305.10425). */
export const hinge = (x: number): Slope => ({ value: Math.max(0, 1 - x), slope: x < 1 ? -1 : 0 });

/** (x − 1/(2β))² (IPO, Azar et al., 2023, arXiv 2310.12036). */
export const identity = (x: number, beta: number): Slope => ({
  value: (x - 1 / (2 * beta)) ** 2,
  slope: 2 * (x - 1 / (2 * beta)),
});
