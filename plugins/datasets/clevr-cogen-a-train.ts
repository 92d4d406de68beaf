import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/leonardPKU/clevr_cogen_a_train (CLEVR, arXiv 1612.06890): image, problem and solution in tags. */
@dataset({
  id: 'clevr-cogen-a-train',
  summary: '70,000 questions how many things an image shows',
  hf: 'leonardPKU/clevr_cogen_a_train',
  ms: 'AI-ModelScope/clevr_cogen_a_train',
  tags: ['qa', 'math', 'vision', 'grpo'],
})
export class ClevrCogenATrain implements Preprocessor {
  toRow({ problem, solution, image }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const query =
      typeof problem === 'string'
        ? `${problem} Output the thinking process in <think> </think> and final answer (number) in <answer> </answer> tags.`
        : problem;
    return toStandardRow({ query, response: solution, image }, context);
  }
}
