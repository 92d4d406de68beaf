import type { Grounding } from '../../contracts/grounding.js';
import { grounding, pairs } from './convention.js';
import { steps } from './frames.js';

/** Of models without a convention of their own: a bare name, `[(x1,y1),(x2,y2)]` in thousandths, as SWIFT writes it. */
export const SWIFT_GROUNDING: Grounding = grounding({
  frame: steps(1000),
  placesText: (places) => places.map((place) => `[${pairs(place)}]`).join(''),
  pattern: /\[(\s*\(\s*-?[\d.]+\s*,\s*-?[\d.]+\s*\)(?:\s*,\s*\(\s*-?[\d.]+\s*,\s*-?[\d.]+\s*\))?\s*)\]/,
});
