/** From an image's pixels to the numbers that a model writes, and back. */
import type { Frame, ImageSize, Place } from '../../contracts/grounding.js';

/** Numbers from 0 to `steps`, whatever the image's size. */
export function steps(steps: number, rounding: Frame['rounding'] = 'nearest', largest?: number): Frame {
  return { edges: () => ({ width: steps, height: steps }), rounding, largest };
}

/** The place of an image whose sides end at `from`, where they end at `to`. */
export function scaled(place: Place, from: ImageSize, to: ImageSize): Place {
  return place.map((value, i) =>
    // In Python's order, whose last bit decides what is rounded down.
    i % 2 === 0 ? (value / from.width) * to.width : (value / from.height) * to.height,
  );
}

/** Whole numbers of a frame, for a place in numbers up to `edges`. */
export function rounded(place: Place, frame: Frame, edges: ImageSize): Place {
  return place.map((value, i) => {
    const edge = i % 2 === 0 ? edges.width : edges.height;
    const whole = frame.rounding === 'nearest' ? halfToEven(value) : Math.floor(value);
    return Math.min(Math.max(whole, 0), frame.largest ?? edge);
  });
}

/** What a whole number stands for: itself, or the middle of its step; the edge is the edge. */
export function unrounded(place: Place, frame: Frame, edges: ImageSize): Place {
  if (frame.rounding === 'nearest') return place;
  return place.map((value, i) => {
    const edge = i % 2 === 0 ? edges.width : edges.height;
    return Number.isInteger(value) && value < edge ? value + 0.5 : value;
  });
}

/** Python's `round`. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
