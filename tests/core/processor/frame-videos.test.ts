import { expect, test } from 'vitest';
import type { RgbImage } from '../../../core/contracts/media.js';
import { FrameVideos } from '../../../core/processor/frame-videos.js';

/** Two tiles a picture, whose values are its bytes. */
const image = {
  token: '*',
  text: () => '',
  grid: () => [2],
  process: ({ data }: RgbImage) => Float32Array.from(data),
};
const videos = new FrameVideos({
  image,
  choose: ({ frames }) => [0, frames - 1],
  text: (frame, features) => `${frame}:${'*'.repeat(features)} `,
});
const facts = { width: 1, height: 1, frames: 9, fps: 3 };
const frame = (value: number): RgbImage => ({ width: 1, height: 1, data: Uint8Array.of(value, 0, value) });

test('frames stand one behind the other, in the text and before the tower', () => {
  const numbers = videos.choose(facts);
  const grid = videos.grid({ ...facts, numbers });
  expect(numbers).toEqual([0, 8]);
  expect(grid).toEqual([4, 2]);
  expect(videos.text({ features: 6, grid, index: 0 })).toBe('0:*** 1:*** ');
  expect([...videos.process({ frames: [frame(1), frame(2)], numbers, facts })]).toEqual([1, 0, 1, 2, 0, 2]);
});
