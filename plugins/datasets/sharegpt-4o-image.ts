import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** Of the archive, as it was packed. */
const FOLDER = 'mnt/petrelfs/wangwenhai/workspace_cef/4o/image';

/** https://huggingface.co/datasets/OpenGVLab/ShareGPT-4o: image and conversations; the images are in an archive. */
@dataset({
  id: 'sharegpt-4o-image',
  summary: 'Conversations of GPT-4o about images',
  hf: 'OpenGVLab/ShareGPT-4o',
  ms: 'AI-ModelScope/ShareGPT-4o',
  subsets: ['image_caption'],
  split: 'images',
  media: [{ name: 'images', files: ['images.zip'] }],
  tags: ['vqa', 'multi-modal'],
})
export class ShareGpt4oImage implements Preprocessor {
  toRow({ image, conversations }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('images', `${FOLDER}/${textIn(image)}`);
    if (file === undefined) return withoutFile(context);
    return toStandardRow({ conversations, images: [file] }, context);
  }
}
