import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/laion/gpt4v-dataset: link and caption. */
@dataset({
  id: 'gpt4v-dataset',
  summary: '12,356 captions of images by GPT-4V',
  hf: 'laion/gpt4v-dataset',
  ms: 'swift/gpt4v-dataset',
  tags: ['en', 'caption', 'multi-modal', 'quality'],
})
export class Gpt4vDataset implements Preprocessor {
  toRow({ link, caption }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const query = 'What is the caption of this image?';
    return toStandardRow({ query, response: caption, images: link }, context);
  }
}
