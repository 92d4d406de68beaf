import { dataset } from 'swift-ts/plugin';
import { CocoCaptions } from './_coco-captions.js';

/** https://modelscope.cn/datasets/modelscope/coco_2014_caption */
@dataset({
  id: 'coco-en-mini',
  summary: 'Photographs of COCO 2014 and their captions: the validation split',
  ms: 'modelscope/coco_2014_caption',
  subsets: ['coco_2014_caption'],
  split: 'validation',
  tags: ['chat', 'multi-modal', 'vision', 'caption'],
})
export class CocoEnMini extends CocoCaptions {}
