import { AutoPreprocessor, dataset } from 'swift-ts/plugin';

/** https://huggingface.co/datasets/shjwudp/chinese-c4 */
@dataset({
  id: 'chinese-c4',
  summary: 'Web pages for pre-training, Chinese',
  hf: 'shjwudp/chinese-c4',
  ms: 'swift/chinese-c4',
  tags: ['pretrain', 'zh', 'quality'],
})
export class ChineseC4 extends AutoPreprocessor {}
