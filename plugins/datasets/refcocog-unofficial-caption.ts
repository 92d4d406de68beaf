import { dataset } from 'swift-ts/plugin';
import { COCO_2014, RefCoco } from './_refcoco.js';

/** https://huggingface.co/datasets/jxu124/refcocog */
@dataset({
  id: 'refcocog-unofficial-caption',
  summary: 'RefCOCOg: what people call the things in boxes of photographs',
  hf: 'jxu124/refcocog',
  ms: 'swift/refcocog',
  split: ['train', 'validation'],
  media: COCO_2014,
  tags: ['multi-modal', 'en', 'caption'],
})
export class RefCocoGCaption extends RefCoco {
  protected override readonly task = 'caption';
}
