import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { withoutFile } from './_columns.js';
import { sharedImage, sharedImages } from './_shared-images.js';

/** https://modelscope.cn/datasets/AI-ModelScope/ShareGPT4V (arXiv 2311.12793): image and conversations. */
@dataset({
  id: 'sharegpt4v',
  summary: 'Captions by GPT-4V, and by a model that learned from them (ShareGPT4V-PT), as conversations',
  ms: 'AI-ModelScope/ShareGPT4V',
  subsets: ['ShareGPT4V', 'ShareGPT4V-PT'],
  media: [
    ...sharedImages(['coco', 'sam', 'llava']),
    ...sharedImages(['wikiart', 'share_textvqa', 'web-celebrity', 'web-landmark'], ['ShareGPT4V']),
  ],
  tags: ['chat', 'multi-modal', 'vision'],
})
export class ShareGpt4v implements Preprocessor {
  toRow({ image, conversations }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = sharedImage(image, context);
    if (file === undefined) return withoutFile(context);
    return toStandardRow({ conversations, images: [file] }, context);
  }
}
