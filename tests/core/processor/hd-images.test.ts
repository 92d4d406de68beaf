import { expect, test } from 'vitest';
import { CLIP_NORMALIZATION } from '../../../core/processor/index.js';
import { HdImages } from '../../../core/processor/hd-images.js';

const options = {
  ...CLIP_NORMALIZATION,
  size: 4,
  most_tiles: 24,
  filter: 'bilinear',
  token: '*',
  text: () => '',
} as const;

test('a picture is enlarged to as many tiles as there may be, or just to whole ones; several have fewer', () => {
  const large = new HdImages(options);
  expect(large.grid({ width: 9, height: 7 })).toEqual([21, 4, 5]);
  expect(large.among(3).grid({ width: 7, height: 9 })).toEqual([21, 5, 4]);
  const small = new HdImages({ ...options, enlarges: false, several_tiles: 2 });
  expect(small.grid({ width: 5, height: 9 })).toEqual([7, 3, 2]);
  expect(small.among(1).grid({ width: 5, height: 9 })).toEqual([7, 3, 2]);
  expect(small.among(2).grid({ width: 5, height: 9 })).toEqual([2, 1, 1]);
});
