import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/codefuse-ai/Evol-instruction-66k */
@dataset({
  id: 'codefuse-evol-instruction-zh',
  summary: '66,000 evolved coding instructions',
  ms: 'codefuse-ai/Evol-instruction-66k',
  tags: ['chat', 'coding'],
})
export class CodefuseEvolInstructionZh extends ColumnPreprocessor {
  readonly columns = { instruction: 'query', output: 'response' };
}
