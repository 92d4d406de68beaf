import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { asked } from './_question.js';

/** From how alike on two sentences count as a pair that belongs together. */
const ALIKE = 0.75;

/**
 * https://huggingface.co/datasets/sentence-transformers/stsb: two sentences, and how alike they are (0 to 1). `positive` is pairs that belong together,
 * for infonce; `generate` asks for the number, `reg` has it as the label of that question.
 */
@dataset({
  id: 'stsb',
  summary: '5,749 pairs of sentences, and how alike they are',
  hf: 'sentence-transformers/stsb',
  ms: 'sentence-transformers/stsb',
  views: { positive: '', generate: '', reg: '' },
  tags: ['similarity'],
})
export class Stsb implements Preprocessor {
  toRow({ sentence1, sentence2, score }: RawRow, context: PreprocessContext): StandardRow | undefined {
    if (context.view === 'generate' || context.view === 'reg') {
      const query =
        'Task: Based on the given two sentences, provide a similarity score between 0.0 and 1.0.\n' +
        `Sentence 1: ${String(sentence1)}\nSentence 2: ${String(sentence2)}\nSimilarity score: `;
      return context.view === 'reg'
        ? asked(query, context, { label: score })
        : toStandardRow({ query, response: oneDecimal(Number(score)) }, context);
    }
    const pair = {
      messages: [{ role: 'user', content: sentence1 }],
      positive_messages: [[{ role: 'user', content: sentence2 }]],
    };
    if (context.view !== 'positive') return toStandardRow({ ...pair, label: score }, context);
    return Number(score) >= ALIKE ? toStandardRow(pair, context) : undefined;
  }
}

/** As Python writes it: a number halfway between two goes to the even one. */
function oneDecimal(score: number): string {
  const isHalfway = Number.isInteger(score * 4) && !Number.isInteger(score * 2);
  return (isHalfway ? Math.round(score * 5) / 5 : score).toFixed(1);
}
