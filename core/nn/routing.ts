import { div, reduceSum, softmax, topK, type Tensor } from '../graph/index.js';
import type { Scope } from './scope.js';
import type { Routing } from './moe.js';

export interface TopKOptions {
  /** Experts per token. */
  readonly k: number;
  /** Whether the weights of a token's experts are scaled to add up to 1. */
  readonly normalize: boolean;
}

/** The k experts of the largest probability, weighted by it (Mixtral, Qwen-MoE, OLMoE, DeepSeek-MoE). */
export function softmaxTopK({ k, normalize }: TopKOptions): (scope: Scope, logits: Tensor) => Routing {
  return (_, logits) => {
    const probabilities = softmax(logits);
    const { values, indices: experts } = topK(probabilities, k);
    const weights = normalize ? div(values, reduceSum(values, [-1], true)) : values;
    return { weights, experts, probabilities };
  };
}
