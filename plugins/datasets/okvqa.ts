import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { first } from './_columns.js';

/** https://huggingface.co/datasets/Multimodal-Fatima/OK-VQA_train (arXiv 1906.00067): image, question and answers, of which the first is learned. */
@dataset({
  id: 'okvqa',
  summary: 'Questions about photographs that ask for knowledge beyond them',
  hf: 'Multimodal-Fatima/OK-VQA_train',
  ms: 'swift/OK-VQA_train',
  tags: ['multi-modal', 'en', 'vqa', 'quality'],
})
export class OkVqa implements Preprocessor {
  toRow({ image, question, answers }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return toStandardRow({ query: question, response: first(answers), image }, context);
  }
}
