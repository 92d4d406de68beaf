/** The things that an answer speaks of, in pixels of the image. */
import type { FoundObjects, Grounding, ImageSize, Place, SizedImage } from '../../contracts/grounding.js';
import { scaled, unrounded } from './frames.js';

/** Undefined where an answer speaks of no place. */
export function foundObjects(
  answer: string,
  { own, given }: SizedImage,
  { frame, read }: Grounding,
): FoundObjects | undefined {
  const found = read(answer);
  if (found.length === 0) return undefined;
  const edges = frame.edges(given);
  return {
    ref: found.map(({ ref = '' }) => ref),
    bbox: found.map(({ place }) => inside(scaled(unrounded(place, frame, edges), edges, own), own)),
  };
}

/** Within the image, to a hundredth of a pixel, left and upper edge first. */
function inside(place: Place, { width, height }: ImageSize): Place {
  const kept = place.map((value, i) => {
    const within = Math.min(Math.max(value, 0), i % 2 === 0 ? width : height);
    return Math.round(within * 100) / 100;
  });
  if (kept.length === 2) return kept;
  const [x1, y1, x2, y2] = kept;
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}
