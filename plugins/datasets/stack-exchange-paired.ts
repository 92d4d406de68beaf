import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/lvwerra/stack-exchange-paired */
@dataset({
  id: 'stack-exchange-paired',
  summary: 'Stack Exchange questions with a better and a worse answer',
  hf: 'lvwerra/stack-exchange-paired',
  ms: 'AI-ModelScope/stack-exchange-paired',
  tags: ['hfrl', 'dpo', 'pairwise'],
})
export class StackExchangePaired extends ColumnPreprocessor {
  readonly columns = {
    question: 'query',
    response_j: 'response',
    response_k: 'rejected_response',
  };
}
