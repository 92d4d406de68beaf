import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/EleutherAI/pile */
@dataset({
  id: 'pile',
  summary: 'The Pile, for pre-training',
  hf: 'EleutherAI/pile',
  ms: 'AI-ModelScope/pile',
  tags: ['pretrain'],
})
export class Pile extends AutoPreprocessor {}
