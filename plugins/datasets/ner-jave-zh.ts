import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/damo/zh_ner-JAVE */
@dataset({
  id: 'ner-jave-zh',
  summary: 'Named entities, Chinese',
  ms: 'damo/zh_ner-JAVE',
  tags: ['chat', 'ner'],
})
export class NerJaveZh extends ColumnPreprocessor {
  readonly columns = { prompt: 'query', answer: 'response' };
}
