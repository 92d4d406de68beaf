import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { first } from './_columns.js';

/** https://huggingface.co/datasets/HuggingFaceM4/A-OKVQA (arXiv 2206.01718): image, question and rationales, of which the first is learned. */
@dataset({
  id: 'a-okvqa',
  summary: 'Questions about photographs, and why their answers are right',
  hf: 'HuggingFaceM4/A-OKVQA',
  ms: 'swift/A-OKVQA',
  split: ['train', 'validation'],
  tags: ['multi-modal', 'en', 'vqa', 'quality'],
})
export class AOkVqa implements Preprocessor {
  toRow({ image, question, rationales }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return toStandardRow({ query: question, response: first(rationales), image }, context);
  }
}
