import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { turnsOf } from './_questions-and-answers.js';

/** https://huggingface.co/datasets/vikhyatk/lnqa: image, and qa with pairs of question and answer. */
@dataset({
  id: 'lnqa',
  summary: 'Questions and answers about photographs of Open Images, made of spoken descriptions',
  hf: 'vikhyatk/lnqa',
  ms: 'swift/lnqa',
  split: ['train', 'validation'],
  tags: ['multi-modal', 'en', 'ocr-vqa', 'quality'],
})
export class Lnqa implements Preprocessor {
  toRow({ image, qa, conversations }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return toStandardRow({ messages: turnsOf(qa ?? conversations, 'qa'), image }, context);
  }
}
