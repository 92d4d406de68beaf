import { dataset } from 'swift-ts/plugin';
import { COCO_2014, RefCoco } from './_refcoco.js';

/** https://huggingface.co/datasets/jxu124/refcocog */
@dataset({
  id: 'refcocog',
  summary: 'RefCOCOg: boxes of things in photographs by what people call them, or the other way round',
  hf: 'jxu124/refcocog',
  ms: 'swift/refcocog',
  views: { caption: '', grounding: '' },
  split: ['train', 'validation'],
  media: COCO_2014,
  tags: ['multi-modal', 'en', 'grounding'],
})
export class RefCocoG extends RefCoco {
  protected override readonly task = 'grounding';
}
