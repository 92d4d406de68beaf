import { toStandardRow } from 'swift-ts/plugin';
import type { MediaFiles, PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { first, textIn, withoutFile } from './_columns.js';
import { groundingTurns, type GroundingTask } from './_grounding-turns.js';

/** The photographs of COCO 2014, for sets that name them by their paths. */
export const COCO_2014: readonly MediaFiles[] = [
  { name: 'coco2014', ms: 'we_dont_produce_water/coco_res', files: ['coco_2014.zip'] },
];

/**
 * What a person called a thing in a photograph of COCO, and its box there in pixels (RefCOCO, Yu et al., 2016, arXiv 1608.00272; RefCOCOg,
 * Mao et al., 2016, arXiv 1511.02283): captions, bbox, image_path and others.
 */
export abstract class RefCoco implements Preprocessor {
  /** What is asked for, where the user names no view. */
  protected abstract readonly task: GroundingTask;

  toRow({ captions, bbox, image_path }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const path = textIn(image_path).replace(/^coco\/train2014/, 'train2014');
    const image = context.media?.('coco2014', path);
    if (image === undefined) return withoutFile(context);
    const name = first(captions);
    const box = Array.isArray(bbox) ? bbox.map((side) => Math.round(Number(side))) : bbox;
    const task = (context.view as GroundingTask | undefined) ?? this.task;
    const turns = groundingTurns(task, `${path} ${textIn(name)}`);
    return toStandardRow({ ...turns, images: [image], objects: { ref: [name], bbox: [box] } }, context);
  }
}
