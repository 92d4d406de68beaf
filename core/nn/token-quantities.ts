import type { TokenQuantity } from './token-values.js';
import {
  logSumExp,
  mul,
  neg,
  reduceMean,
  reduceSum,
  reshape,
  scalar,
  softmax,
  sub,
  tokenCrossEntropy,
  type Tensor,
} from '../graph/index.js';
import type { CausalLM } from './causal-lm.js';
import type { Scope } from './scope.js';

interface TokensAt {
  /** [N, D] */
  readonly hidden: Tensor;
  /** int32 [N] */
  readonly labels: Tensor;
}

/**
 * Quantities of tokens, [N] each, in the order wanted. Logits are made only where a quantity needs them.
 * @param temperature that logits are divided by
 */
export function tokenQuantities(
  model: CausalLM,
  scope: Scope,
  at: TokensAt,
  wanted: readonly TokenQuantity[],
  temperature = 1,
): Tensor[] {
  const needsLogits = wanted.some((name) => name === 'entropy' || name === 'mean_logit');
  const logits = needsLogits ? logitsAt(model, scope, at.hidden, temperature) : undefined;
  const { loss, correct } = logits
    ? tokenCrossEntropy(logits, at.labels)
    : tokenLoss(model, scope, at, temperature);
  const values: Record<TokenQuantity, () => Tensor> = {
    logp: () => neg(loss),
    correct: () => correct,
    entropy: () => entropyOf(logits!),
    mean_logit: () => reduceMean(logits!, [-1]),
  };
  return wanted.map((name) => values[name]());
}

/** Cross entropy [N] in nats, and 1 where the label is the argmax. @param temperature that logits are divided by */
export function tokenLoss(
  model: CausalLM,
  scope: Scope,
  at: TokensAt,
  temperature: number,
): { loss: Tensor; correct: Tensor } {
  if (temperature === 1) return model.loss(scope, at.hidden, at.labels);
  return tokenCrossEntropy(logitsAt(model, scope, at.hidden, temperature), at.labels);
}

/** hidden [N, D] -> [N, V] */
export function logitsAt(model: CausalLM, scope: Scope, hidden: Tensor, temperature: number): Tensor {
  const logits = model.logits(scope, hidden);
  return temperature === 1 ? logits : mul(logits, scalar(1 / temperature));
}

/** Entropy in nats of the distribution that logits [N, V] say -> [N]. */
function entropyOf(logits: Tensor): Tensor {
  const expected = reduceSum(mul(softmax(logits), logits), [-1]);
  return sub(reshape(logSumExp(logits), expected.shape), expected);
}
