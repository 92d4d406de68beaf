import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/HuggingFaceH4/llava-instruct-mix-vsft */
@dataset({
  id: 'llava-instruct-mix',
  summary: 'Questions about images from several sets, with their answers',
  hf: 'HuggingFaceH4/llava-instruct-mix-vsft',
  ms: 'swift/llava-instruct-mix-vsft',
  split: 'test',
  tags: ['multi-modal', 'en', 'vqa', 'quality'],
})
export class LlavaInstructMix implements Preprocessor {
  toRow({ messages, images }: RawRow, context: PreprocessContext): StandardRow | undefined {
    return toStandardRow({ messages, images }, context);
  }
}
