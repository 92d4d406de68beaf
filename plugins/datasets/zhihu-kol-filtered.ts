import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/bzb2023/Zhihu-KOL-More-Than-100-Upvotes */
@dataset({
  id: 'zhihu-kol-filtered',
  summary: 'Zhihu answers with over 100 votes, Chinese',
  hf: 'bzb2023/Zhihu-KOL-More-Than-100-Upvotes',
  ms: 'OmniData/Zhihu-KOL-More-Than-100-Upvotes',
  tags: ['zhihu', 'qa'],
})
export class ZhihuKolFiltered extends ColumnPreprocessor {
  readonly columns = { INSTRUCTION: 'query', RESPONSE: 'response' };
}
