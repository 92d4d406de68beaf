import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Open-Orca/SlimOrca */
@dataset({
  id: 'slim-orca',
  summary: '500,000 GPT-4 answers of OpenOrca',
  hf: 'Open-Orca/SlimOrca',
  ms: 'swift/SlimOrca',
  tags: ['quality', 'en'],
})
export class SlimOrca extends AutoPreprocessor {}
