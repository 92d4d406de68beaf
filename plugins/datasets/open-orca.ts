import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/AI-ModelScope/OpenOrca */
@dataset({
  id: 'open-orca',
  summary: 'FLAN questions answered by GPT-4 and GPT-3.5',
  ms: 'AI-ModelScope/OpenOrca',
  tags: ['chat', 'multilingual', 'general'],
})
export class OpenOrca extends ColumnPreprocessor {
  readonly columns = { question: 'query', response: 'response' };
}
