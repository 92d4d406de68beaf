import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/wangrui6/Zhihu-KOL */
@dataset({
  id: 'zhihu-kol',
  summary: 'Questions and answers of Zhihu, Chinese',
  hf: 'wangrui6/Zhihu-KOL',
  ms: 'OmniData/Zhihu-KOL',
  tags: ['zhihu', 'qa'],
})
export class ZhihuKol extends ColumnPreprocessor {
  readonly columns = { INSTRUCTION: 'query', RESPONSE: 'response' };
}
