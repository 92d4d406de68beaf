import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/hiyouga/geometry3k (arXiv 2105.04165): images, problem and answer. Rewards find the answer as `solution`, too. */
@dataset({
  id: 'geometry3k',
  summary: '2,101 problems of geometry with their drawings',
  hf: 'hiyouga/geometry3k',
  tags: ['multi-modal', 'en', 'math'],
})
export class Geometry3k implements Preprocessor {
  toRow({ images, problem, answer }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const row = toStandardRow({ query: problem, response: answer, images }, context);
    return row && { ...row, columns: { solution: answer } };
  }
}
