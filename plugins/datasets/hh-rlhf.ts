import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { transcriptMessages } from './_transcript.js';

/**
 * https://modelscope.cn/datasets/AI-ModelScope/hh-rlhf: two transcripts, equal up to the answer that is better in one of
 * them. What follows that answer is left out; a row where something else differs first is dropped.
 */
@dataset({
  id: 'hh-rlhf',
  summary: "people's preferences between helpful and harmless answers",
  ms: 'AI-ModelScope/hh-rlhf',
  subsets: ['harmless-base', 'helpful-base', 'helpful-online', 'helpful-rejection-sampled'],
  tags: ['rlhf', 'dpo', 'pairwise'],
})
export class HhRlhf implements Preprocessor {
  toRow({ chosen, rejected }: RawRow, context: PreprocessContext): StandardRow | undefined {
    if (typeof chosen !== 'string' || typeof rejected !== 'string') return undefined;
    const better = transcriptMessages(chosen) ?? [];
    const worse = transcriptMessages(rejected) ?? [];
    const at = better.findIndex(({ content }, i) => content !== worse[i]?.content);
    const answers = [better[at], worse[at]];
    if (at < 1 || answers.some((answer) => answer?.role !== 'assistant' || answer.content === ''))
      return undefined;
    const messages = better.slice(0, at + 1);
    return toStandardRow({ messages, rejected_response: worse[at].content }, context);
  }
}
