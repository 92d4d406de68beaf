import { expect, test } from 'vitest';
import { NewlineRows } from '../../../core/nn/vision/index.js';

test.each([
  [[3, 2, 1, 55, 88], 926, 976],
  [[3, 2, 1, 99, 88], 1226, 1276],
  [[3, 2, 1, 176, 55], 1296, 1392],
  [[3, 2, 1, 200, 300], 976, 976],
])('a picture of grid %j has as many rows as in its own layout', (grid, inexact, exact) => {
  const size = { width: 8, side: 24, name: 'image_newline' };
  expect(new NewlineRows({ ...size, inexact: true }).rows(grid, 'image')).toBe(inexact);
  expect(new NewlineRows(size).rows(grid, 'image')).toBe(exact);
});
