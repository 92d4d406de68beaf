import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/AstraMindAI/SFT-Nectar */
@dataset({
  id: 'sft-nectar',
  summary: 'Best answers of Nectar, English',
  hf: 'AstraMindAI/SFT-Nectar',
  ms: 'AI-ModelScope/SFT-Nectar',
  tags: ['cot', 'en', 'quality'],
})
export class SftNectar extends AutoPreprocessor {}
