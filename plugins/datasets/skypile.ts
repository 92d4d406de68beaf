import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/Skywork/SkyPile-150B */
@dataset({
  id: 'skypile',
  summary: 'Web pages for pre-training, Chinese',
  hf: 'Skywork/SkyPile-150B',
  ms: 'AI-ModelScope/SkyPile-150B',
  tags: ['pretrain', 'quality', 'zh'],
})
export class Skypile extends AutoPreprocessor {}
