import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';
import { sharedImages } from './_shared-images.js';

/** https://huggingface.co/datasets/lmms-lab/GQA (arXiv 1902.09506): imageId, question and fullAnswer; the images are in an archive. */
@dataset({
  id: 'gqa',
  summary: 'Questions about the things in photographs and how they stand to each other',
  hf: 'lmms-lab/GQA',
  subsets: ['train_all_instructions'],
  media: sharedImages(['gqa']),
  tags: ['multi-modal', 'en', 'vqa', 'quality'],
})
export class Gqa implements Preprocessor {
  toRow({ imageId, question, fullAnswer }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('gqa', `images/${textIn(imageId)}.jpg`);
    if (file === undefined) return withoutFile(context);
    return toStandardRow({ query: question, response: fullAnswer, images: [file] }, context);
  }
}
