import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Grounding, SizedImage } from '../../../core/contracts/grounding.js';
import { foundObjects } from '../../../core/data/grounding/found-objects.js';
import { placeObjects } from '../../../core/data/grounding/place-objects.js';
import { SWIFT_GROUNDING } from '../../../core/data/grounding/swift-grounding.js';
import { smartSize } from '../../../core/processor/patch-images.js';
import {
  COGVLM_GROUNDING,
  DEEPSEEK_VL2_GROUNDING,
  FLORENCE_GROUNDING,
  INTERNVL_GROUNDING,
  PALIGEMMA_GROUNDING,
  pixels,
  qwen2Grounding,
  QWEN_VL_GROUNDING,
} from '../../../plugins/models/_grounding.js';

const patches = { patch_size: 14, merge_size: 2, min_pixels: 56 * 56, max_pixels: 28 * 28 * 1280 };
const resized = pixels((size) => {
  const [height, width] = smartSize(size, patches);
  return { width, height };
});

/** Of an image of 640 × 480: a box at its middle, and a point. */
const SAID: readonly (readonly [name: string, grounding: Grounding, box: string, point: string])[] = [
  ['SWIFT', SWIFT_GROUNDING, 'dog[(250,250),(750,750)]', 'dog[(250,250)]'],
  [
    'Qwen-VL',
    QWEN_VL_GROUNDING,
    '<ref>dog</ref><box>(250,250),(750,750)</box>',
    '<ref>dog</ref><box>(250,250)</box>',
  ],
  [
    'Qwen2-VL',
    qwen2Grounding(),
    '<|object_ref_start|>dog<|object_ref_end|><|box_start|>(250,250),(750,750)<|box_end|>',
    '<|object_ref_start|>dog<|object_ref_end|><|box_start|>(250,250)<|box_end|>',
  ],
  [
    'Qwen2.5-VL',
    qwen2Grounding(resized),
    // Its own size is 644 × 476.
    '<|object_ref_start|>dog<|object_ref_end|><|box_start|>(161,119),(483,357)<|box_end|>',
    '<|object_ref_start|>dog<|object_ref_end|><|box_start|>(161,119)<|box_end|>',
  ],
  [
    'InternVL2',
    INTERNVL_GROUNDING,
    '<ref>dog</ref><box>[[250, 250, 750, 750]]</box>',
    '<ref>dog</ref><box>[[250, 250]]</box>',
  ],
  ['Florence-2', FLORENCE_GROUNDING, 'dog<loc_250><loc_250><loc_750><loc_750>', 'dog<loc_250><loc_250>'],
  [
    'DeepSeek-VL2',
    DEEPSEEK_VL2_GROUNDING,
    '<|ref|>dog<|/ref|><|det|>[[249, 249, 749, 749]]<|/det|>',
    '<|ref|>dog<|/ref|><|det|>[[249, 249]]<|/det|>',
  ],
  ['CogVLM', COGVLM_GROUNDING, 'dog[[250,250,750,750]]', 'dog[[250,250]]'],
];

const image = (width: number, height: number): SizedImage => ({
  own: { width, height },
  given: { width, height },
});

function said(
  text: string,
  grounding: Grounding,
  places: readonly (readonly number[])[],
  of: SizedImage,
): string {
  const objects = { ref: ['dog'], bbox: [{ places, unit: 'real' as const, image: 0 }] };
  const { messages } = placeObjects(
    { messages: [{ role: 'assistant', content: text }], objects },
    [of],
    grounding,
  );
  return messages[0].content;
}

describe.each(SAID)('%s', (_, grounding, box, point) => {
  const photo = image(640, 480);

  test('writes names, boxes and points', () => {
    expect(said('<ref-object><bbox>', grounding, [[160, 120, 480, 360]], photo)).toBe(box);
    expect(said('<ref-object><bbox>', grounding, [[160, 120]], photo)).toBe(point);
  });

  test('reads what it writes', () => {
    const { ref, bbox } = foundObjects(`${box}\n${point}`, photo, grounding)!;
    expect(ref).toEqual(['dog', 'dog']);
    expect(bbox.map(({ length }) => length)).toEqual([4, 2]);
  });
});

test('PaliGemma writes y first, and the name behind', () => {
  const photo = image(640, 480);
  const text = said('<bbox> <ref-object>', PALIGEMMA_GROUNDING, [[160, 240, 480, 360]], photo);
  expect(text).toBe('<loc0512><loc0256><loc0768><loc0768> dog');
  expect(
    foundObjects(`${text} ; <loc0000><loc0000><loc1023><loc1023> the whole`, photo, PALIGEMMA_GROUNDING),
  ).toEqual({
    ref: ['dog', 'the whole'],
    bbox: [
      [160.31, 240.23, 480.31, 360.23],
      [0.31, 0.23, 639.69, 479.77],
    ],
  });
});

test('Qwen2.5-VL is read where it answers in JSON, too', () => {
  const answer =
    '```json\n[\n\t{"bbox_2d": [161, 119, 483, 357], "label": "dog"},\n\t{"label": "cat", "point_2d": [322, 238]}\n]\n```';
  expect(foundObjects(answer, image(640, 480), qwen2Grounding(resized))).toEqual({
    ref: ['dog', 'cat'],
    bbox: [
      [160, 120, 480, 360],
      [320, 240],
    ],
  });
});

test('several places of one name are written and read together', () => {
  const places = [
    [0, 0, 64, 48],
    [64, 48, 128, 96],
  ];
  for (const grounding of [
    SWIFT_GROUNDING,
    QWEN_VL_GROUNDING,
    INTERNVL_GROUNDING,
    DEEPSEEK_VL2_GROUNDING,
    COGVLM_GROUNDING,
  ]) {
    const text = said('<ref-object><bbox>', grounding, places, image(640, 480));
    expect(foundObjects(text, image(640, 480), grounding)!.ref).toEqual(['dog', 'dog']);
  }
});

test('an answer without a place has no objects', () => {
  for (const [, grounding] of SAID)
    expect(foundObjects('It is [2] of (1, 2) dogs.', image(64, 48), grounding)).toBeUndefined();
});

describe('there and back', () => {
  const side = fc.integer({ min: 28, max: 1000 });
  const photo = fc
    .tuple(side, side)
    .filter(([width, height]) => Math.max(width, height) <= 100 * Math.min(width, height));
  const part = fc.double({ min: 0, max: 1, noNaN: true });

  test.each([
    ...SAID.map(([name, grounding]) => [name, grounding] as const),
    ['PaliGemma', PALIGEMMA_GROUNDING] as const,
  ])('%s brings a box back within a pixel', (_, grounding) => {
    fc.assert(
      fc.property(photo, fc.array(part, { minLength: 4, maxLength: 4 }), ([width, height], parts) => {
        const given = image(width, height);
        const [a, b, c, d] = parts.map((value, i) => value * (i % 2 === 0 ? width : height));
        const box = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
        const back = foundObjects(said('<bbox>', grounding, [box], given), given, grounding)!.bbox[0];
        box.forEach((value, i) => expect(Math.abs(value - back[i])).toBeLessThanOrEqual(1));
      }),
    );
  });

  test('and within half a step of a larger image, shrunk or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 20_000 }), part, fc.boolean(), (width, at, isShrunk) => {
        const sized: SizedImage = {
          own: { width, height: 500 },
          given: isShrunk ? { width: 400, height: 200 } : { width, height: 500 },
        };
        const text = said('<bbox>', SWIFT_GROUNDING, [[at * width, 250]], sized);
        const [x, y] = foundObjects(text, sized, SWIFT_GROUNDING)!.bbox[0];
        expect(Math.abs(x - at * width)).toBeLessThanOrEqual(width / 2000 + 0.01);
        expect(y).toBe(250);
      }),
    );
  });
});

test.each([
  '<|box_start|>0,,,,028<|box_end|>',
  '<|box_start|>(1,2),(3,<|box_end|>',
  '<|box_start|>(,2)<|box_end|>',
])('%s is no place', (answer) => {
  expect(qwen2Grounding().read(answer)).toEqual([]);
});
