import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/allenai/c4 */
@dataset({
  id: 'c4',
  summary: 'Web pages for pre-training, English',
  hf: 'allenai/c4',
  tags: ['pretrain', 'quality'],
})
export class C4 extends AutoPreprocessor {}
