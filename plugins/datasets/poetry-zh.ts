import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/modelscope/chinese-poetry-collection */
@dataset({
  id: 'poetry-zh',
  summary: 'Classical poems, Chinese',
  ms: 'modelscope/chinese-poetry-collection',
  split: 'test',
  tags: ['text-generation', 'poetry'],
})
export class PoetryZh extends ColumnPreprocessor {
  readonly columns = { text1: 'response' };
}
