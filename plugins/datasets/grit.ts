import { dataset, toStandardRow } from 'swift-ts/plugin';
import type { PreprocessContext, Preprocessor, RawRow, StandardRow } from 'swift-ts/plugin';
import { textIn } from './_columns.js';
import { groundingTurns, type GroundingTask } from './_grounding-turns.js';

const QUESTION = 'what is the proper caption of this image?';

interface Span {
  readonly begin: number;
  readonly end: number;
  readonly box: readonly number[];
}

function spansOf(value: unknown): Span[] {
  const rows = Array.isArray(value) ? (value as readonly number[][]) : [];
  const spans = rows.map(([begin, end, ...rest]) => ({ begin, end, box: rest.slice(0, 4) }));
  return spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
}

/** https://huggingface.co/datasets/zzliang/GRIT (Peng et al., 2023, arXiv 2306.14824): caption, url and ref_exps, each [begin, end, x1, y1, x2, y2, score] of a part of the caption and its box in parts of the image. */
@dataset({
  id: 'grit',
  summary: 'Captions of images from the web with the boxes of the things that they name',
  hf: 'zzliang/GRIT',
  ms: 'swift/GRIT',
  views: { caption: '', grounding: '', vqa: '' },
  tags: ['multi-modal', 'en', 'caption-grounding', 'vqa', 'quality'],
})
export class Grit implements Preprocessor {
  toRow({ url, caption, ref_exps }: RawRow, context: PreprocessContext): StandardRow | undefined {
    const spans = spansOf(ref_exps);
    const text = textIn(caption);
    if (spans.length === 0 || spans.some(({ begin }, i) => i > 0 && begin < spans[i - 1].end)) {
      context.dropped?.('without names that stand apart');
      return undefined;
    }
    const images = [url];
    if (context.view === 'vqa') return toStandardRow({ query: QUESTION, response: text, images }, context);
    const objects = {
      ref: spans.map(({ begin, end }) => text.slice(begin, end)),
      bbox: spans.map(({ box }) => box),
      bbox_type: 'norm1',
    };
    if (context.view !== undefined) {
      const [ref, bbox] = [objects.ref.slice(0, 1), objects.bbox.slice(0, 1)];
      const turns = groundingTurns(context.view as GroundingTask, text);
      return toStandardRow({ ...turns, images, objects: { ...objects, ref, bbox } }, context);
    }
    let response = '';
    let at = 0;
    for (const { begin, end } of spans) {
      response += `${text.slice(at, begin)}<ref-object><bbox>`;
      at = end;
    }
    return toStandardRow({ query: QUESTION, response: response + text.slice(at), images, objects }, context);
  }
}
