import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Intel/orca_dpo_pairs */
@dataset({
  id: 'orca_dpo_pairs',
  summary: 'instructions with an answer of GPT-4 preferred over one of Llama 2',
  hf: 'Intel/orca_dpo_pairs',
  ms: 'swift/orca_dpo_pairs',
  tags: ['rlhf', 'quality'],
})
export class OrcaDpoPairs extends ColumnPreprocessor {
  readonly columns = {
    system: 'system',
    question: 'query',
    chosen: 'response',
    rejected: 'rejected_response',
  };
}
