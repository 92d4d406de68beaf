import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/wikipedia */
@dataset({
  id: 'wikipedia',
  summary: 'Wikipedia articles for pre-training',
  hf: 'wikipedia',
  ms: 'swift/wikipedia',
  tags: ['pretrain', 'quality'],
})
export class Wikipedia extends AutoPreprocessor {}
