/**
 * How families write boxes and points: as SWIFT's templates write them, and where SWIFT has only its own way, as the families do
 * (https://github.com/modelscope/ms-swift, swift/template/templates).
 */
import { boxes, type Frame, type Grounding, type Place } from 'swift-ts/plugin';

const { grounding, markedName, nameBehind, pairs, row, steps } = boxes;

const THOUSANDTHS = steps(1000);

/** Pixels of the image as the model sees it. @param edges its size there, of that which the processor is given */
export const pixels = (edges: Frame['edges']): Frame => ({ edges, rounding: 'nearest' });

/** `<ref>a dog</ref><box>(1,2),(3,4)</box>` */
export const QWEN_VL_GROUNDING: Grounding = grounding({
  frame: THOUSANDTHS,
  ref: ['<ref>', '</ref>'],
  placesText: (places) => places.map((place) => `<box>${pairs(place)}</box>`).join(''),
  pattern: /<box>([^<]*)<\/box>/,
});

const QWEN2_REF = ['<|object_ref_start|>', '<|object_ref_end|>'] as const;

/**
 * `<|object_ref_start|>a dog<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|>` of Qwen2-VL and those after it. Also read is the
 * JSON that these answer with, `{"bbox_2d": [1, 2, 3, 4], "label": "a dog"}`.
 * @param frame thousandths of Qwen2-VL and Qwen3-VL, `pixels` of Qwen2.5-VL
 */
export const qwen2Grounding = (frame: Frame = THOUSANDTHS): Grounding =>
  grounding({
    frame,
    ref: QWEN2_REF,
    placesText: (places) => places.map((place) => `<|box_start|>${pairs(place)}<|box_end|>`).join(''),
    pattern: /<\|box_start\|>([^<]*)<\|box_end\|>|"(?:bbox|point)_2d"\s*:\s*\[([^\]]*)\]/,
    name: (before, behind) =>
      markedName(before, QWEN2_REF) ??
      jsonLabel(/^[^}]*/.exec(behind)![0]) ??
      jsonLabel(/[^{]*$/.exec(before)![0]),
  });

const jsonLabel = (text: string): string | undefined => /"label"\s*:\s*"([^"]*)"/.exec(text)?.[1];

/** `<ref>a dog</ref><box>[[1, 2, 3, 4]]</box>` of InternVL. */
export const INTERNVL_GROUNDING: Grounding = grounding({
  frame: THOUSANDTHS,
  ref: ['<ref>', '</ref>'],
  placesText: (places) => `<box>[${places.map(row).join(', ')}]</box>`,
  pattern: /<box>([^<]*)<\/box>/,
});

/** `a dog<loc_1><loc_2><loc_3><loc_4>` of Florence-2, in 1000 steps whose last is 999. */
export const FLORENCE_GROUNDING: Grounding = grounding({
  frame: steps(1000, 'below', 999),
  placesText: (places) =>
    places
      .flat()
      .map((number) => `<loc_${number}>`)
      .join(''),
  pattern: /((?:<loc_\d+>){4}|(?:<loc_\d+>){2})/,
});

/** `<loc0002><loc0001><loc0004><loc0003> a dog ; …` of PaliGemma: y before x, in 1024 steps. */
export const PALIGEMMA_GROUNDING: Grounding = grounding({
  frame: steps(1024, 'below', 1023),
  placesText: (places) =>
    places
      .map((place) =>
        yFirst(place)
          .map((number) => `<loc${String(number).padStart(4, '0')}>`)
          .join(''),
      )
      .join(' ; '),
  pattern: /((?:<loc\d{4}>){4}|(?:<loc\d{4}>){2})/,
  place: yFirst,
  name: nameBehind,
});

function yFirst(place: Place): number[] {
  return place.map((_, i) => place[i ^ 1]);
}

/** `<|ref|>a dog<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>` of DeepSeek-VL2, up to 999. */
export const DEEPSEEK_VL2_GROUNDING: Grounding = grounding({
  frame: steps(999, 'below'),
  ref: ['<|ref|>', '<|/ref|>'],
  placesText: (places) => `<|det|>[${places.map(row).join(', ')}]<|/det|>`,
  pattern: /<\|det\|>(.*?)<\|\/det\|>/,
});

/** `a dog [[001,002,003,004]]` of CogVLM, three digits each. */
export const COGVLM_GROUNDING: Grounding = grounding({
  frame: steps(1000, 'below', 999),
  placesText: (places) =>
    `[[${places.map((place) => place.map((number) => String(number).padStart(3, '0')).join(',')).join(';')}]]`,
  pattern: /\[\[([\d.,;\s]*)\]\]/,
});
