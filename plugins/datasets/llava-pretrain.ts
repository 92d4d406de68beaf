import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** https://huggingface.co/datasets/liuhaotian/LLaVA-Pretrain (arXiv 2304.08485): image and conversations; the images are in an archive. */
@dataset({
  id: 'llava-pretrain',
  summary: '558,128 captions of images, as short conversations',
  hf: 'liuhaotian/LLaVA-Pretrain',
  ms: 'AI-ModelScope/LLaVA-Pretrain',
  subsets: ['blip_laion_cc_sbu_558k'],
  media: [{ name: 'images', files: ['images.zip'] }],
  tags: ['vqa', 'chat', 'multi-modal', 'quality'],
})
export class LlavaPretrain implements Preprocessor {
  toRow({ image, conversations }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const file = context.media?.('images', textIn(image));
    if (file === undefined || image === '') return withoutFile(context);
    return toStandardRow({ conversations, images: [file] }, context);
  }
}
