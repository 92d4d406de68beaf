import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { turnsOf } from './_questions-and-answers.js';

/** https://huggingface.co/datasets/WinterSchool/MideficsDataset: image, and conversation with pairs of question and answer in data. */
@dataset({
  id: 'midefics',
  summary: 'Questions and answers about medical images',
  hf: 'WinterSchool/MideficsDataset',
  ms: 'swift/MideficsDataset',
  tags: ['medical', 'en', 'vqa'],
})
export class Midefics implements Preprocessor {
  toRow({ image, conversation }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const { data } = (conversation ?? {}) as { data?: unknown };
    return toStandardRow({ messages: turnsOf(data, 'conversation.data'), image }, context);
  }
}
