import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/cerebras/SlimPajama-627B */
@dataset({
  id: 'slim-pajama-627b',
  summary: 'Cleaned RedPajama, for pre-training',
  hf: 'cerebras/SlimPajama-627B',
  tags: ['pretrain', 'quality'],
})
export class SlimPajama627b extends AutoPreprocessor {}
