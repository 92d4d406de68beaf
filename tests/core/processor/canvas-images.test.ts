import { expect, test } from 'vitest';
import { canvasOf, fitted } from '../../../core/processor/canvas-images.js';
import { fixture, readJson } from '../../../parity/cases.js';

/** All in pixels: the picture, its canvas, and how large it is there. */
type Placed = readonly [
  height: number,
  width: number,
  down: number,
  across: number,
  tall: number,
  wide: number,
];

test('pictures lie on the canvases that the processor of Llama 3.2 Vision chooses, as large as there', () => {
  for (const [height, width, ...placed] of readJson<Placed[]>(fixture('multimodal', 'canvases.json'))) {
    const { down, across } = canvasOf({ width, height }, { size: 560, max_tiles: 4 });
    const canvas = { height: 560 * down, width: 560 * across };
    const own = fitted({ width, height }, canvas, 560);
    expect([canvas.height, canvas.width, own.height, own.width], `${height} × ${width}`).toEqual(placed);
  }
});
