import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/THUDM/LongWriter-6k */
@dataset({
  id: 'longwriter-6k',
  summary: 'Instructions with very long answers',
  hf: 'THUDM/LongWriter-6k',
  ms: 'ZhipuAI/LongWriter-6k',
  tags: ['long', 'chat', 'sft'],
})
export class Longwriter6k extends AutoPreprocessor {}
