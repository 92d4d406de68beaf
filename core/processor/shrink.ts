import type { RgbImage } from '../contracts/media.js';

type Size = Pick<RgbImage, 'width' | 'height'>;

/** The size of a picture that has at most `most` pixels, as SWIFT's `max_pixels` makes it; its own where it has no more. */
export function shrunkSize({ width, height }: Size, most: number): Size {
  if (width * height <= most) return { width, height };
  const ratio = width / height;
  const shorter = Math.trunc(Math.sqrt(most / ratio));
  return { width: Math.max(1, Math.trunc(shorter * ratio)), height: Math.max(1, shorter) };
}
