import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Skepsun/lawyer_llama_data */
@dataset({
  id: 'lawyer-llama-zh',
  summary: 'Legal questions, Chinese',
  hf: 'Skepsun/lawyer_llama_data',
  ms: 'AI-ModelScope/lawyer_llama_data',
  tags: ['chat', 'law'],
})
export class LawyerLlamaZh extends ColumnPreprocessor {
  readonly columns = { instruction: 'query', output: 'response' };
}
