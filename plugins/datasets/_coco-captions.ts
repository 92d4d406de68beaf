import { toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn } from './_columns.js';

/** Photographs of COCO 2014 with captions joined by `&&`, of which the first is learned: image and caption. */
export class CocoCaptions implements Preprocessor {
  toRow({ image, caption }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const [response] = textIn(caption).split('&&');
    return toStandardRow({ query: 'please describe the image.', response, image }, context);
  }
}
