import { AutoPreprocessor, dataset } from 'swift-ts/plugin';
import type { PreprocessContext, RawRow, StandardRow } from 'swift-ts/plugin';

/**
 * https://modelscope.cn/datasets/huangjintao/AgentInstruct_copy (AgentTuning, arXiv 2310.12823): conversations as text of Python, in
 * which commas between turns are missing.
 */
@dataset({
  id: 'agent-instruct-all-en',
  summary: 'Trajectories of agents in six environments, English',
  ms: 'huangjintao/AgentInstruct_copy',
  subsets: ['alfworld', 'db', 'kg', 'mind2web', 'os', 'webshop'],
  tags: ['chat', 'agent', 'multi-round'],
})
export class AgentInstructAllEn extends AutoPreprocessor {
  override toRow(raw: RawRow, context?: PreprocessContext): StandardRow | undefined {
    const { conversations: said } = raw;
    const conversations = typeof said === 'string' ? said.replaceAll('}\n {', '},\n {') : said;
    return super.toRow({ ...raw, conversations }, context);
  }
}
