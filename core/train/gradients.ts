import { scale, sumOfSquares } from '../kernels/index.js';

/** The Euclidean norm of all gradients together. */
export function gradientNorm(gradients: Iterable<Float32Array>): number {
  let sum = 0;
  for (const gradient of gradients) sum += sumOfSquares(gradient);
  return Math.sqrt(sum);
}

/** Scales all gradients so that their norm is at most `limit`; 0 turns clipping off. Formula of torch's clip_grad_norm_. */
export function clipGradients(gradients: Iterable<Float32Array>, norm: number, limit: number): void {
  const factor = limit / (norm + 1e-6);
  if (limit <= 0 || factor >= 1) return;
  for (const gradient of gradients) scale(gradient, factor);
}
