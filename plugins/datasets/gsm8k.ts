import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/openai/gsm8k (arXiv 2110.14168): a worked answer, the number behind ####. Rewards find it as `solution`, too. */
@dataset({
  id: 'gsm8k',
  summary: '7,473 word problems of grade school, the answers worked',
  hf: 'openai/gsm8k',
  ms: 'modelscope/gsm8k',
  subsets: ['main', 'socratic'],
  tags: ['qa', 'math'],
})
export class Gsm8kRows implements Preprocessor {
  toRow({ question, answer }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const row = toStandardRow({ query: question, response: answer }, context);
    return row && { ...row, columns: { solution: answer } };
  }
}
