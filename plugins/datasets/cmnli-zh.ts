import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { classQuestion } from './_classes.js';

const CLASSES = ['neutral', 'entailment', 'contradiction'];

/** https://modelscope.cn/datasets/modelscope/clue (CLUE, arXiv 2004.05986): two sentences, and the number of a class. Rows without one are dropped. */
@dataset({
  id: 'cmnli-zh',
  summary: '391,783 pairs of sentences: does one follow from the other? Chinese',
  hf: 'clue',
  ms: 'modelscope/clue',
  subsets: ['cmnli'],
  tags: ['text-generation', 'classification'],
})
export class CmnliZh implements Preprocessor {
  toRow({ sentence1, sentence2, label }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const said = `Sentence1: ${String(sentence1)}\nSentence2: ${String(sentence2)}`;
    const query = classQuestion('Natural Language Inference', said, CLASSES);
    return toStandardRow({ query, response: CLASSES[Number(label)] }, context);
  }
}
