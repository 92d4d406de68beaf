import { dataset } from 'swift-ts/plugin';
import { COCO_2014, RefCoco } from './_refcoco.js';

/** https://huggingface.co/datasets/jxu124/refcoco */
@dataset({
  id: 'refcoco',
  summary: 'RefCOCO: boxes of things in photographs by what people call them, or the other way round',
  hf: 'jxu124/refcoco',
  ms: 'swift/refcoco',
  views: { caption: '', grounding: '' },
  split: ['train', 'validation'],
  media: COCO_2014,
  tags: ['multi-modal', 'en', 'grounding'],
})
export class RefCocoRows extends RefCoco {
  protected override readonly task = 'grounding';
}
