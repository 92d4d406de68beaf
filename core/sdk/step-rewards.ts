/**
 * How likely each step is right: the softmax of its two scores, of the second (Zhang et al., 2025, arXiv 2501.07301).
 * @param scores two for each step
 */
export function stepRewards(scores: Float32Array): number[] {
  return Array.from(
    { length: scores.length / 2 },
    (_, i) => 1 / (1 + Math.exp(scores[2 * i] - scores[2 * i + 1])),
  );
}
