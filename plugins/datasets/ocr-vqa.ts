import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn } from './_columns.js';
import { pick } from './_pick.js';

/** https://huggingface.co/datasets/howard-hou/OCR-VQA: image, questions and answers, of which one of each row is learned. */
@dataset({
  id: 'ocr-vqa',
  summary: 'Questions about the covers of books',
  hf: 'howard-hou/OCR-VQA',
  ms: 'swift/OCR-VQA',
  split: ['train', 'validation'],
  tags: ['multi-modal', 'en', 'ocr-vqa'],
})
export class OcrVqa implements Preprocessor {
  toRow(
    { image, image_id, questions, answers }: RawRow,
    context: PreprocessContext,
  ): StandardRow | undefined {
    const asked = Array.isArray(questions) ? (questions as unknown[]) : [];
    const said = Array.isArray(answers) ? (answers as unknown[]) : [];
    if (asked.length === 0) return undefined;
    const i = pick([...asked.keys()], `${textIn(image_id)} ${asked.join(' ')}`);
    return toStandardRow({ query: asked[i], response: said[i], image }, context);
  }
}
