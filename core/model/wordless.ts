/** Models that say of a conversation what it is, and none of what follows it. */
import { SwiftError } from '../errors.js';
import { isOfSequence, type CausalLM } from '../nn/index.js';
import type { Objective } from '../contracts/trainer.js';

/** Why a model is not asked for text, and what it is asked for instead. */
export function writesNoText({ score }: CausalLM): SwiftError {
  return score
    ? new SwiftError('BAD_ARGUMENT', 'the model says of a conversation what it is, and writes no text', {
        cure: 'Ask it with swift infer, or Scorer.open(model); to chat, take the model that it was tuned from.',
      })
    : new SwiftError('BAD_ARGUMENT', 'the model has no head of words: it reads, and writes no text', {
        cure: 'Ask it for vectors, --task_type embedding; or tune it to read, --task_type embedding, reranker or seq_cls.',
      });
}

/**
 * Whether what a trainer reads is there.
 * @throws SwiftError BAD_ARGUMENT for a trainer of words and a model without them, and for a model that scores steps
 */
export function checkReadable(model: CausalLM, objective: Objective | undefined): void {
  const { readings = [] } = objective ?? {};
  if (!model.writes && !(readings.length > 0 && readings.every(isOfSequence))) throw writesNoText(model);
  if (typeof model.reads === 'object' && readings.includes('score')) {
    throw new SwiftError(
      'BAD_ARGUMENT',
      `the model scores steps, at each ${model.reads.token}, and is not trained here`,
      {
        cure: 'Let it judge: --reward_model, or swift infer.',
      },
    );
  }
}
