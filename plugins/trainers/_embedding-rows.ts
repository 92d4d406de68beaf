/** What an embedding model learns of a row: an anchor, what belongs to it, and what does not. */
import { counted, SwiftError, type Message, type StandardRow } from 'swift-ts/plugin';
import { RANKED_LOSSES, type EmbeddingLoss } from './_embedding-losses.js';

export interface WantedRow {
  readonly loss_type: EmbeddingLoss;
  readonly needsNegatives: boolean;
  /** Negatives that are looked at. */
  readonly most: number | null;
}

/** @returns the anchor with the label, the positive, and the negatives @throws SwiftError BAD_ROW */
export function embeddedRow(
  row: StandardRow,
  { loss_type, needsNegatives, most }: WantedRow,
): readonly [StandardRow, ...StandardRow[]] {
  const { positive_messages: positives = [], negative_messages: negatives = [], messages, ...rest } = row;
  if (positives.length > 1) {
    throw new SwiftError('BAD_ROW', `the row has ${counted(positives.length, 'positive')}, expected one.`, {
      cure: 'Make a row for each of them.',
    });
  }
  const pair = positives.length > 0 ? { anchor: messages, positive: positives[0] } : pairOf(messages);
  const label = labelOf(row, loss_type);
  const isRanked = RANKED_LOSSES.includes(loss_type);
  if (!isRanked && negatives.length > 0) {
    throw new SwiftError('BAD_ROW', `the row has negative_messages, which ${loss_type} does not look at.`, {
      cure: 'Take --loss_type infonce or triplet, or make a pair with label 0 of each.',
    });
  }
  if (isRanked && needsNegatives && negatives.length === 0) {
    const or =
      loss_type === 'triplet'
        ? 'take --loss_type infonce'
        : 'leave out --infonce_hard_negatives and --infonce_use_batch false';
    throw new SwiftError('BAD_ROW', 'the row has no negative_messages.', { cure: `Give it some; or ${or}.` });
  }
  const others = [pair.positive, ...negatives.slice(0, most ?? Infinity)];
  return [{ ...rest, messages: pair.anchor, label }, ...others.map((one) => ({ messages: one }))];
}

/** A question and its answer, as two texts. */
function pairOf(messages: readonly Message[]): { anchor: readonly Message[]; positive: readonly Message[] } {
  const last = messages.at(-1)!;
  if (last.role !== 'assistant' || messages.length < 2) {
    throw new SwiftError('BAD_ROW', 'the row says nothing that belongs to its conversation.', {
      cure: 'Give it positive_messages: [[{"role": "user", "content": …}]], or an answer.',
    });
  }
  return { anchor: messages.slice(0, -1), positive: [{ role: 'user', content: last.content }] };
}

function labelOf({ label = 1 }: StandardRow, loss_type: EmbeddingLoss): number {
  const value = typeof label === 'object' ? NaN : Number(label);
  const bad = (expected: string, cure: string): SwiftError =>
    new SwiftError('BAD_ROW', `the row's label is ${JSON.stringify(label)}, expected ${expected}.`, { cure });
  if (!Number.isFinite(value)) throw bad('a number', 'Say how alike the two are.');
  if (loss_type === 'online_contrastive' && value !== 0 && value !== 1)
    throw bad('0 or 1', 'Say whether the two belong together, or take --loss_type cosine_similarity.');
  if (loss_type === 'contrastive' && (value < 0 || value > 1))
    throw bad('a number from 0 to 1', 'Say how far the two belong together.');
  if (loss_type === 'cosine_similarity' && (value < -1 || value > 1))
    throw bad('a number from -1 to 1', 'Say the cosine that the two shall have.');
  if (RANKED_LOSSES.includes(loss_type) && value !== 1)
    throw bad(
      '1 or none',
      `${loss_type} learns of pairs that belong together; cosine_similarity learns degrees.`,
    );
  return value;
}
