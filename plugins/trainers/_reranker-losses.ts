/** Losses of scores for documents, and how well they are ranked: of one question, what belongs to it and what does not. */
import { logSigmoid, sigmoid } from './_numbers.js';

/** Scores of a question's documents. */
export interface Ranked {
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** A sum, with its gradients. */
export interface RankLoss {
  readonly loss: number;
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** Binary cross entropy, summed over the documents. */
export function pointwise({ positives, negatives }: Ranked): RankLoss {
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  return {
    loss: -sum(positives.map(logSigmoid)) - sum(negatives.map((score) => logSigmoid(-score))),
    positives: positives.map((score) => sigmoid(score) - 1),
    negatives: negatives.map(sigmoid),
  };
}

/** Cross entropy of each positive among it and the negatives, the mean over the positives (Cao et al., 2007, with one document on top). */
export function listwise({ positives, negatives }: Ranked, temperature: number): RankLoss {
  const slopes = negatives.map(() => 0);
  let loss = 0;
  const own = positives.map((score) => {
    const logits = [score, ...negatives].map((one) => one / temperature);
    const top = Math.max(...logits);
    const log = top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0));
    const scale = 1 / (temperature * positives.length);
    loss += (log - logits[0]) / positives.length;
    negatives.forEach((_, i) => (slopes[i] += scale * Math.exp(logits[i + 1] - log)));
    return scale * (Math.exp(logits[0] - log) - 1);
  });
  return { loss, positives: own, negatives: slopes };
}

/** Reciprocal rank, and discounted gain over the best there could be, of each positive among the negatives. */
export function ranksOf({ positives, negatives }: Ranked): { readonly mrr: number; readonly ndcg: number }[] {
  return positives.map((score) => {
    const rank = 1 + negatives.filter((other) => other > score).length;
    return { mrr: 1 / rank, ndcg: 1 / Math.log2(rank + 1) };
  });
}
