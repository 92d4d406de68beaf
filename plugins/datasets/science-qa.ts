import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn } from './_columns.js';

/** https://huggingface.co/datasets/derek-thomas/ScienceQA (arXiv 2209.09513): image, question, choices, answer and solution; about half of the rows have an image. */
@dataset({
  id: 'science-qa',
  summary: 'Questions of school science, with solutions',
  hf: 'derek-thomas/ScienceQA',
  ms: 'swift/ScienceQA',
  split: ['train', 'validation'],
  tags: ['multi-modal', 'science', 'vqa', 'quality'],
})
export class ScienceQa implements Preprocessor {
  toRow(
    { image, question, choices, answer, solution }: RawRow,
    context: PreprocessContext,
  ): StandardRow | undefined {
    const choice = Array.isArray(choices) ? textIn(choices[Number(answer)]) : '';
    const response = `${textIn(solution)}\nSo the final answer is: ${choice}`;
    return toStandardRow({ query: question, response, image }, context);
  }
}
