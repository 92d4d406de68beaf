import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Magpie-Align/Magpie-Qwen2-Pro-300K-Filtered */
@dataset({
  id: 'qwen2-pro-filtered',
  summary: 'Magpie instructions of Qwen2-72B, filtered',
  hf: 'Magpie-Align/Magpie-Qwen2-Pro-300K-Filtered',
  ms: 'AI-ModelScope/Magpie-Qwen2-Pro-300K-Filtered',
  tags: ['chat', 'sft'],
})
export class Qwen2ProFiltered extends AutoPreprocessor {}
