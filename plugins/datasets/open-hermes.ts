import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/teknium/OpenHermes-2.5 */
@dataset({
  id: 'open-hermes',
  summary: '1 million mostly GPT-4 instructions',
  hf: 'teknium/OpenHermes-2.5',
  ms: 'swift/OpenHermes-2.5',
  tags: ['cot', 'en', 'quality'],
})
export class OpenHermes extends AutoPreprocessor {}
