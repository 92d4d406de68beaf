import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/liyucheng/zhihu_rlhf_3k */
@dataset({
  id: 'zhihu-rlhf',
  summary: 'questions of Zhihu with an answer more people liked and one fewer did',
  hf: 'liyucheng/zhihu_rlhf_3k',
  ms: 'AI-ModelScope/zhihu_rlhf_3k',
  tags: ['rlhf', 'dpo', 'zh'],
})
export class ZhihuRlhf extends ColumnPreprocessor {
  readonly columns = { prompt: 'query', chosen: 'response', rejected: 'rejected_response' };
}
