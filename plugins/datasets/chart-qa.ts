import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { first } from './_columns.js';

/** https://huggingface.co/datasets/HuggingFaceM4/ChartQA (arXiv 2203.10244): image, query and label, a list of one. */
@dataset({
  id: 'chart-qa',
  summary: 'Questions about charts',
  hf: 'HuggingFaceM4/ChartQA',
  ms: 'swift/ChartQA',
  tags: ['en', 'vqa', 'quality'],
})
export class ChartQa implements Preprocessor {
  toRow({ image, query, label }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return toStandardRow({ query, response: first(label), image }, context);
  }
}
