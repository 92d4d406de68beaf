import { ColumnPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/isidentical/moondream2-coyo-5M-captions */
@dataset({
  id: 'moondream2-coyo-5M',
  summary: '5 million images of the web and captions by Moondream 2, without a question',
  hf: 'isidentical/moondream2-coyo-5M-captions',
  ms: 'swift/moondream2-coyo-5M-captions',
  tags: ['caption', 'pretrain', 'quality'],
})
export class Moondream2Coyo extends ColumnPreprocessor {
  readonly columns = { url: 'images', moondream2_caption: 'response' };
}
