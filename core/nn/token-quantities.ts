import type { TokenQuantity } from './token-values.js';
import {
  logSumExp,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  softmax,
  sub,
  tokenCrossEntropy,
  type Tensor,
} from '../graph/index.js';
import type { CausalLM } from './causal-lm.js';
import type { Scope } from './scope.js';

/**
 * Quantities of tokens, [N] each, in the order wanted. Logits are made only where a quantity needs them.
 * @param at hidden [N, D] and labels int32 [N]
 */
export function tokenQuantities(
  model: CausalLM,
  scope: Scope,
  { hidden, labels }: { readonly hidden: Tensor; readonly labels: Tensor },
  wanted: readonly TokenQuantity[],
): Tensor[] {
  const needsLogits = wanted.some((name) => name === 'entropy' || name === 'mean_logit');
  const logits = needsLogits ? model.logits(scope, hidden) : undefined;
  const { loss, correct } = logits ? tokenCrossEntropy(logits, labels) : model.loss(scope, hidden, labels);
  const values: Record<TokenQuantity, () => Tensor> = {
    logp: () => neg(loss),
    correct: () => correct,
    entropy: () => entropyOf(logits!),
    mean_logit: () => reduceMean(logits!, [-1]),
  };
  return wanted.map((name) => values[name]());
}

/** Entropy in nats of the distribution that logits [N, V] say -> [N]. */
function entropyOf(logits: Tensor): Tensor {
  const expected = reduceSum(mul(softmax(logits), logits), [-1]);
  return sub(reshape(logSumExp(logits), expected.shape), expected);
}
