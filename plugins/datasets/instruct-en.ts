import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/wyj123456/instruct */
@dataset({
  id: 'instruct-en',
  summary: 'Prompts and completions, English',
  ms: 'wyj123456/instruct',
  tags: ['chat', 'general'],
})
export class InstructEn extends ColumnPreprocessor {
  readonly columns = { prompt: 'query', completion: 'response' };
}
