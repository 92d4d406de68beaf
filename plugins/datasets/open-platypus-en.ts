import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/garage-bAInd/Open-Platypus */
@dataset({
  id: 'open-platypus-en',
  summary: 'Science and logic questions of Open-Platypus',
  hf: 'garage-bAInd/Open-Platypus',
  ms: 'AI-ModelScope/Open-Platypus',
  tags: ['chat', 'math', 'quality'],
})
export class OpenPlatypusEn extends AutoPreprocessor {}
