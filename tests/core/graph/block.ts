import * as graph from '../../../core/graph/index.js';
import type { Tensor } from '../../../core/graph/index.js';

/** A small block with what a decoder layer has: norms, products, attention, a gate and residuals. */
export const BLOCK_SHAPES: readonly (readonly number[])[] = [
  [2, 6, 8],
  [8],
  [8, 8],
  [8, 4],
  [8, 4],
  [8, 16],
  [16, 8],
  [6, 6],
];

export function block([x, norm, q, k, v, up, down, mask]: readonly Tensor[]): Tensor {
  const normalized = graph.rmsNorm(x, norm, 1e-5);
  const [queries, keys, values] = [q, k, v].map((weight) => graph.matmul(normalized, weight));
  const options = { heads: 2, kvHeads: 1, scale: 0.5, causal: false };
  const mixed = graph.add(x, graph.attention(queries, keys, values, mask, options));
  const gate = graph.silu(graph.matmul(graph.rmsNorm(mixed, norm, 1e-5), up));
  return graph.add(mixed, graph.matmul(gate, down));
}
