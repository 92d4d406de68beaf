import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
import type { PreprocessContext, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Azure99/blossom-math-v2: the worked answer, and behind it the final one. */
@dataset({
  id: 'blossom-math-zh',
  summary: 'Mathematical questions with worked and final answers, Chinese',
  hf: 'Azure99/blossom-math-v2',
  ms: 'AI-ModelScope/blossom-math-v2',
  tags: ['chat', 'math'],
})
export class BlossomMath extends AutoPreprocessor {
  override toRow({ input, output, answer }: RawRow, context?: PreprocessContext): StandardRow | undefined {
    const response = typeof output === 'string' ? `${output}\n\nAnswer: ${String(answer)}` : output;
    return super.toRow({ query: input, response }, context);
  }
}
