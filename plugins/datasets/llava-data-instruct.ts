import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { withoutFile } from './_columns.js';
import { LLAVA_IMAGES, sharedImage } from './_shared-images.js';

/** https://huggingface.co/datasets/TIGER-Lab/llava-data: conversation and images, whose paths are in archives. */
@dataset({
  id: 'llava-data-instruct',
  summary: 'Conversations of LLaVA about images of COCO, GQA, OCR-VQA, TextVQA and Visual Genome',
  hf: 'TIGER-Lab/llava-data',
  ms: 'swift/llava-data',
  subsets: ['llava_instruct'],
  media: LLAVA_IMAGES,
  tags: ['sft', 'multi-modal', 'quality'],
})
export class LlavaDataInstruct implements Preprocessor {
  toRow({ conversation, images }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const paths = Array.isArray(images) ? (images as { path?: unknown }[]).map(({ path }) => path) : [];
    const files = paths.map((path) => sharedImage(path, context));
    if (files.length === 0 || files.includes(undefined)) return withoutFile(context);
    return toStandardRow({ conversation, images: files }, context);
  }
}
