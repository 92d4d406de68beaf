import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/damo/zh_cls_fudan-news */
@dataset({
  id: 'cls-fudan-news-zh',
  summary: 'News classification, Chinese',
  ms: 'damo/zh_cls_fudan-news',
  tags: ['chat', 'classification'],
})
export class ClsFudanNewsZh extends ColumnPreprocessor {
  readonly columns = { prompt: 'query', answer: 'response' };
}
