import { dataset } from 'swift-ts/plugin';
import { COCO_2014, RefCoco } from './_refcoco.js';

/** https://huggingface.co/datasets/jxu124/refcoco */
@dataset({
  id: 'refcoco-unofficial-caption',
  summary: 'RefCOCO: what people call the things in boxes of photographs',
  hf: 'jxu124/refcoco',
  ms: 'swift/refcoco',
  split: ['train', 'validation'],
  media: COCO_2014,
  tags: ['multi-modal', 'en', 'caption'],
})
export class RefCocoCaption extends RefCoco {
  protected override readonly task = 'caption';
}
