import { expect, test } from 'vitest';
import { CLIP_NORMALIZATION } from '../../../core/processor/normalize.js';
import { WindowImages } from '../../../core/processor/window-images.js';

const windows = new WindowImages({
  ...CLIP_NORMALIZATION,
  whole_size: 2,
  part_size: 1,
  token: '',
  text: () => '',
});

// As Step3-VL's own processor cuts them.
test.each([
  [300, 200, 0, 0, 0],
  [301, 200, 2, 1, 2],
  [200, 700, 4, 4, 1],
  [728, 728, 4, 2, 2],
  [1113, 605, 6, 2, 3],
  [606, 1200, 6, 3, 2],
  [728, 100, 8, 1, 8],
  [1600, 400, 3, 1, 3],
  // Thin strips, which become squares, and large pictures, which are shrunk first.
  [31, 125, 0, 0, 0],
  [31, 124, 4, 4, 1],
  [9000, 20, 36, 6, 6],
  [6000, 4000, 24, 4, 6],
])('%i × %i pixels: %i windows in %i rows and %i columns', (width, height, ...grid) => {
  expect(windows.grid({ width, height })).toEqual(grid);
});

test('a window is black beyond the picture', () => {
  const values = windows.process({
    width: 1000,
    height: 250,
    data: new Uint8Array(3 * 1000 * 250).fill(255),
  });
  expect(values.length).toBe(3 * (2 + 4));
  const red = (share: number): number => (share - 0.48145466) / 0.26862954;
  // 250 of 504 rows.
  expect(values[0]).toBeCloseTo(red(250 / 504), 1);
  expect(values.at(6)).toBeCloseTo(red(1), 5);
});
