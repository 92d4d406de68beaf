import { isSpec, requireFloat } from '../shapes.js';
import { apply, defineOp, shapeError, type Tensor } from '../tensor.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { constant, iota } from './constant.js';
import { gather } from './gather.js';
import { greaterEqual } from './greater-equal.js';
import { indexAdd } from './index-add.js';
import { logSumExp } from './log-sum-exp.js';
import { matmul } from './matmul.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { reduceMax } from './reduce-max.js';
import { reshape } from './reshape.js';
import { softmax } from './softmax.js';
import { sub } from './sub.js';

/**
 * Cross entropy of a linear head: hidden [N, D], weight [V, D], int32 labels [N] -> loss [N] in nats and
 * `correct` [N], 1 where the label has the largest logit. The backward pass needs no one-hot matrix:
 * d hidden = g·(P·W − W[label]).
 */
export const linearCrossEntropyOp = defineOp({
  name: 'linearCrossEntropy',
  infer([hidden, weight, labels]) {
    requireFloat('linearCrossEntropy', hidden, weight);
    const flat = hidden.shape.length === 2 && weight.shape.length === 2;
    if (!flat || hidden.shape[1] !== weight.shape[1] || !isSpec(labels, 'int32', hidden.shape.slice(0, 1)))
      throw shapeError('linearCrossEntropy', '[N, D], [V, D] and int32 labels [N]', hidden, weight, labels);
    const perToken = { shape: labels.shape, dtype: 'float32' as const };
    return [perToken, perToken];
  },
  vjp({ inputs: [hidden, weight, labels], cotangents: [dy] }) {
    if (!dy) return [];
    const g = reshape(dy, [labels.shape[0], 1]);
    const probabilities = softmax(matmul(hidden, weight, { transB: true }));
    const dHidden = mul(g, sub(matmul(probabilities, weight), gather(weight, labels)));
    const weighted = mul(hidden, g);
    const dWeight = indexAdd(matmul(probabilities, weighted, { transA: true }), labels, neg(weighted));
    return [dHidden, dWeight, undefined];
  },
  decompose([hidden, weight, labels]) {
    const { loss, correct } = tokenCrossEntropy(matmul(hidden, weight, { transB: true }), labels);
    return [loss, correct];
  },
});

/** Cross entropy of logits [N, V] against int32 labels [N]: outputs as `linearCrossEntropy`. */
export function tokenCrossEntropy(logits: Tensor, labels: Tensor): { loss: Tensor; correct: Tensor } {
  const [count, vocab] = logits.shape;
  const at = add(mul(iota(count), constant([vocab], [1], 'int32')), labels);
  const own = gather(reshape(logits, [count * vocab]), at);
  const loss = sub(reshape(logSumExp(logits), [count]), own);
  // Said as logSumExp says it, so that one pass over the logits serves both.
  const largest = reshape(reduceMax(logits, [-1], true), [count]);
  return { loss, correct: cast(greaterEqual(own, largest), 'float32') };
}

export function linearCrossEntropy(
  hidden: Tensor,
  weight: Tensor,
  labels: Tensor,
): { loss: Tensor; correct: Tensor } {
  const [loss, correct] = apply(linearCrossEntropyOp, [hidden, weight, labels]);
  return { loss, correct };
}
