import { dataset } from 'swift-ts/plugin';
import { COCO_2014, RefCoco } from './_refcoco.js';

/** https://huggingface.co/datasets/jxu124/refcoco */
@dataset({
  id: 'refcoco-unofficial-grounding',
  summary: 'RefCOCO: boxes of things in photographs by what people call them',
  hf: 'jxu124/refcoco',
  ms: 'swift/refcoco',
  split: ['train', 'validation'],
  media: COCO_2014,
  tags: ['multi-modal', 'en', 'grounding'],
})
export class RefCocoGrounding extends RefCoco {
  protected override readonly task = 'grounding';
}
