import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { first } from './_columns.js';

/** https://huggingface.co/datasets/HuggingFaceM4/TextCaps (arXiv 2003.12462): image and reference_strs, of which the first is learned. */
@dataset({
  id: 'text-caps',
  summary: 'Photographs with writing in them, and captions that read it',
  hf: 'HuggingFaceM4/TextCaps',
  ms: 'swift/TextCaps',
  views: { emb: '' },
  split: ['train', 'validation'],
  tags: ['multi-modal', 'en', 'caption', 'quality'],
})
export class TextCaps implements Preprocessor {
  toRow({ image, reference_strs }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const caption = first(reference_strs);
    if (context.view !== 'emb')
      return toStandardRow(
        { query: 'What is the caption of this image?', response: caption, image },
        context,
      );
    const said = (content: unknown) => [{ role: 'user', content }];
    const row = { messages: said('<image>'), positive_messages: [said(caption)], image };
    return toStandardRow(row, { ...context, questions: true });
  }
}
