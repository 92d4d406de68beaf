import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';

/** By their numbers. */
const KINDS = `
  person, bicycle, car, motorcycle, airplane, bus, train, truck, boat, traffic light, fire hydrant,
  stop sign, parking meter, bench, bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe,
  backpack, umbrella, handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball
  bat, baseball glove, skateboard, surfboard, tennis racket, bottle, wine glass, cup, fork, knife,
  spoon, bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake, chair,
  couch, potted plant, bed, dining table, toilet, tv, laptop, mouse, remote, keyboard, cell phone,
  microwave, oven, toaster, sink, refrigerator, book, clock, vase, scissors, teddy bear, hair drier,
  toothbrush
`
  .trim()
  .split(/,\s+/);

/** https://huggingface.co/datasets/detection-datasets/coco: image, and objects with the lists category and bbox (x1, y1, x2, y2 in pixels). */
@dataset({
  id: 'coco',
  summary: 'COCO 2017: the things of 80 kinds in photographs, and their boxes',
  hf: 'detection-datasets/coco',
  ms: 'AI-ModelScope/coco',
  tags: ['multi-modal', 'en', 'vqa', 'quality', 'grounding'],
})
export class Coco implements Preprocessor {
  toRow({ image, objects }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const { category = [], bbox = [] } = (objects ?? {}) as { category?: number[]; bbox?: unknown[] };
    const ref = category.map((kind) => KINDS[kind]);
    // A photograph of none of these things has an empty answer, and is dropped for it.
    const response = ref.map(() => '<ref-object><bbox>').join('\n');
    return toStandardRow(
      { query: 'Task: Object Detection', response, image, objects: { ref, bbox } },
      context,
    );
  }
}
