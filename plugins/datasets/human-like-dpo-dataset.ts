import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/HumanLLMs/Human-Like-DPO-Dataset (arXiv 2501.05032) */
@dataset({
  id: 'human-like-dpo-dataset',
  summary: '10,884 questions with an answer as people talk preferred over a formal one',
  hf: 'HumanLLMs/Human-Like-DPO-Dataset',
  ms: 'HumanLLMs/Human-Like-DPO-Dataset',
  tags: ['rlhf', 'dpo'],
})
export class HumanLikeDpo extends ColumnPreprocessor {
  readonly columns = { prompt: 'query', chosen: 'response', rejected: 'rejected_response' };
}
