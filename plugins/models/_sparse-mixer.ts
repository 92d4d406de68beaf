import {
  concat,
  equal,
  greaterEqual,
  iota,
  MASKED,
  mul,
  neg,
  scalar,
  softmax,
  sub,
  takeAlong,
  topK,
  where,
  type Tensor,
} from 'swift-ts/graph';
import type { Route } from 'swift-ts/nn';

/**
 * SparseMixer (Liu et al., 2023) as Phi-3.5-MoE routes at inference: two experts, one after the other, each weighted by a
 * softmax over the logits near the best that is left; the two weights are not scaled to add up to 1.
 */
export function sparseMixer(jitter: number): Route {
  return (_, logits) => {
    const first = pick(logits, logits, jitter);
    const isFirst = equal(iota(logits.shape[1]), first.experts);
    const second = pick(where(isFirst, scalar(MASKED), logits), logits, jitter);
    return {
      weights: concat([first.weights, second.weights], 1),
      experts: concat([first.experts, second.experts], 1),
      probabilities: softmax(logits),
    };
  };
}

/** The best of the logits that are left, [N, 1]. Those further away than 2·jitter of the larger size count nothing. */
function pick(left: Tensor, logits: Tensor, jitter: number): { weights: Tensor; experts: Tensor } {
  const { values: best, indices: experts } = topK(left, 1);
  const size = larger(larger(logits, neg(logits)), best);
  const isNear = greaterEqual(mul(size, scalar(2 * jitter)), sub(best, logits));
  return { weights: takeAlong(softmax(where(isNear, left, scalar(MASKED))), experts), experts };
}

function larger(a: Tensor, b: Tensor): Tensor {
  return where(greaterEqual(a, b), a, b);
}
