import type { RgbImage } from '../contracts/media.js';
import { resizeImage, type FilterName } from './resize.js';

/** A picture in the middle of a larger one of one colour; an odd pixel of that goes right and below. @param background its red, green and blue */
export function centred(
  image: RgbImage,
  [width, height]: readonly [width: number, height: number],
  background: readonly number[],
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = background[i % 3];
  const left = Math.floor((width - image.width) / 2);
  const top = Math.floor((height - image.height) / 2);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    data.set(row, ((top + y) * width + left) * 3);
  }
  return { width, height, data };
}

/** A picture as the smallest square that holds it: stretched, or in the middle of a colour. */
export function squared(image: RgbImage, how: 'stretched' | readonly number[], filter: FilterName): RgbImage {
  const side = Math.max(image.width, image.height);
  if (image.width === image.height) return image;
  return how === 'stretched' ? resizeImage(image, side, side, filter) : centred(image, [side, side], how);
}
