import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn, withoutFile } from './_columns.js';

/** https://huggingface.co/datasets/TIGER-Lab/Mantis-Instruct (arXiv 2405.01483): conversation and images, whose paths are in an archive of the subset. */
@dataset({
  id: 'mantis-instruct',
  summary: 'Conversations about several images each, from 17 sets',
  hf: 'TIGER-Lab/Mantis-Instruct',
  ms: 'swift/Mantis-Instruct',
  subsets: [
    'birds-to-words',
    'chartqa',
    'coinstruct',
    'contrastive_caption',
    'docvqa',
    'dreamsim',
    'dvqa',
    'iconqa',
    'imagecode',
    'llava_665k_multi',
    'lrv_multi',
    'multi_vqa',
    'nextqa',
    'nlvr2',
    'spot-the-diff',
    'star',
    'visual_story_telling',
  ],
  media: [{ name: 'images', files: ['{subset}/train_images.zip'] }],
  tags: ['chat', 'multi-modal', 'vision', 'quality'],
})
export class MantisInstruct implements Preprocessor {
  toRow({ conversation, images }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const paths = Array.isArray(images)
      ? (images as { path?: unknown }[]).map(({ path }) => textIn(path))
      : [];
    const files = paths.map((path) => context.media?.('images', path));
    if (files.length === 0 || files.includes(undefined)) return withoutFile(context, 'images');
    return toStandardRow({ conversation, images: files }, context);
  }
}
