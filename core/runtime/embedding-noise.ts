/** NEFTune (Jain et al., 2023, arXiv 2310.05914): training on embeddings with noise. */
import type { Batch } from '../contracts/batch.js';

export interface EmbeddingNoise {
  /** α of the paper. */
  readonly alpha: number;
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
}

/**
 * Adds U(−1, 1)·α/√(L·D) to each value of the embeddings of a sample of L tokens; none to padding.
 * @param hidden [B, T, D], changed in place
 */
export function addEmbeddingNoise(
  hidden: Float32Array,
  { batch, seq, samples }: Pick<Batch, 'batch' | 'seq' | 'samples'>,
  { alpha, uniform }: EmbeddingNoise,
): void {
  const width = hidden.length / (batch * seq);
  for (const { start, length } of samples) {
    const scale = alpha / Math.sqrt(length * width);
    const end = (start + length) * width;
    for (let i = start * width; i < end; i++) hidden[i] += (2 * uniform() - 1) * scale;
  }
}
