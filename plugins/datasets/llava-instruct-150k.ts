import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { withoutFile } from './_columns.js';
import { LLAVA_IMAGES, sharedImage } from './_shared-images.js';

/** https://modelscope.cn/datasets/AI-ModelScope/LLaVA-Instruct-150K (arXiv 2310.03744): image and conversations; rows of text have no image. */
@dataset({
  id: 'llava-instruct-150k',
  summary: 'The 665k conversations of LLaVA 1.5, most of them about an image',
  ms: 'AI-ModelScope/LLaVA-Instruct-150K',
  subsets: ['llava_v1_5_mix665k'],
  media: LLAVA_IMAGES,
  tags: ['chat', 'multi-modal', 'vision'],
})
export class LlavaInstruct150k implements Preprocessor {
  toRow({ image, conversations }: RawRow, context: PreprocessContext): StandardRow | undefined {
    if (image === undefined || image === null) return toStandardRow({ conversations }, context);
    const file = sharedImage(image, context);
    if (file === undefined) return withoutFile(context);
    return toStandardRow({ conversations, images: [file] }, context);
  }
}
