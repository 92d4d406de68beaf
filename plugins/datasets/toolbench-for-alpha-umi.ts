import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/**
 * https://modelscope.cn/datasets/shenweizhou/alpha-umi-toolbench-processed-v2: what one part of α-UMi (arXiv 2401.07324) is asked, as the
 * turn `system`, and its answer, as a turn of that part's name.
 */
@dataset({
  id: 'toolbench-for-alpha-umi',
  summary: 'ToolBench for planner, caller and summarizer of α-UMi',
  ms: 'shenweizhou/alpha-umi-toolbench-processed-v2',
  subsets: ['backbone', 'caller', 'planner', 'summarizer'],
  tags: ['chat', 'agent'],
})
export class ToolBenchForAlphaUmi implements Preprocessor {
  toRow({ conversations: turns }: RawRow, context: PreprocessContext): StandardRow | undefined {
    if (!Array.isArray(turns) || turns.length !== 2) return undefined;
    const [asked, said] = turns.map((turn) => (turn as Partial<Record<string, unknown>>).value);
    if (typeof asked !== 'string' || typeof said !== 'string') return undefined;
    return toStandardRow({ query: asked, response: said }, context);
  }
}
