import { toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** Formulas as images and in LaTeX: image and text. */
export class LatexOcr implements Preprocessor {
  toRow({ image, text }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const query = 'Using LaTeX to perform OCR on the image.';
    return toStandardRow({ query, response: text, image }, context);
  }
}
