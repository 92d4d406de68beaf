import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/AI-ModelScope/captcha-images */
@dataset({
  id: 'capcha-images',
  summary: 'Images of distorted letters, and what they say',
  ms: 'AI-ModelScope/captcha-images',
  tags: ['chat', 'multi-modal', 'vision'],
})
export class CapchaImages implements Preprocessor {
  toRow({ image, solution }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const query = 'recognize the content.';
    return toStandardRow({ query, response: solution, image }, context);
  }
}
