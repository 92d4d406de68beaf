import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn } from './_columns.js';
import { pick } from './_pick.js';

const QUESTIONS = [
  'Give the description of this image.',
  'Describe this picture',
  'What is the proper title of this image?',
];

/** https://huggingface.co/datasets/tomg-group-umd/pixelprose (arXiv 2406.10328): url and vlm_caption. */
@dataset({
  id: 'pixelprose',
  summary: '16 million images of the web with long captions by Gemini',
  hf: 'tomg-group-umd/pixelprose',
  ms: 'swift/pixelprose',
  split: ['train', 'cc12m', 'commonpool', 'redcaps'],
  tags: ['caption', 'multi-modal', 'vision'],
})
export class PixelProse implements Preprocessor {
  toRow({ url, vlm_caption }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const response = textIn(vlm_caption)
      .replace(/^This image displays:/, '')
      .trim();
    return toStandardRow({ query: pick(QUESTIONS, response), response, images: url }, context);
  }
}
