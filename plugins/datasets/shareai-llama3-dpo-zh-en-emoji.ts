import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://modelscope.cn/datasets/hjh0119/shareAI-Llama3-DPO-zh-en-emoji */
@dataset({
  id: 'shareai-llama3-dpo-zh-en-emoji',
  summary: 'Chinese answers with emoji preferred over English ones, for DPO',
  ms: 'hjh0119/shareAI-Llama3-DPO-zh-en-emoji',
  tags: ['rlhf', 'dpo', 'pairwise'],
})
export class ShareaiLlama3DpoZhEnEmoji extends ColumnPreprocessor {
  readonly columns = { question: 'query', answer_zh: 'response', answer_en: 'rejected_response' };
}
