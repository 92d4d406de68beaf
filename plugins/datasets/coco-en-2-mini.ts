import { dataset } from 'swift-ts/plugin';
import { CocoCaptions } from './_coco-captions.js';

/** https://modelscope.cn/datasets/modelscope/coco_2014_caption */
@dataset({
  id: 'coco-en-2-mini',
  summary: 'The same as coco-en-mini',
  ms: 'modelscope/coco_2014_caption',
  subsets: ['coco_2014_caption'],
  split: 'validation',
  tags: ['chat', 'multi-modal', 'vision', 'caption'],
})
export class CocoEn2Mini extends CocoCaptions {}
