/** Resizing to the bit as Pillow does it for 8-bit pictures, with which models were trained. */
import type { RgbImage } from '../contracts/media.js';
import { FRACTION, resizeAcross, resizeDown, type ResizePlan } from '../kernels/index.js';

interface Filter {
  /** How far from its centre it is not zero. */
  readonly support: number;
  readonly weight: (x: number) => number;
}

const FILTERS = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Record<string, Filter>;

export type FilterName = keyof typeof FILTERS;

/** sin(πx) / πx */
function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Keys' cubic with a = −0.5. */
function bicubic(at: number): number {
  const a = -0.5;
  const x = Math.abs(at);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** What each new sample is made of: `taps` weights from `starts[i]` on, [size, taps], as they are before rounding. */
type Plan = Omit<ResizePlan, 'weights'> & { readonly weights: Float64Array };

/** First across, then down, with 8-bit values between. A side that keeps its length is left alone. */
export function resizeImage(image: RgbImage, width: number, height: number, filter: FilterName): RgbImage {
  const wide =
    width === image.width
      ? image
      : { ...image, width, data: resizeAcross(image, wholePlanOf(image.width, width, filter)) };
  if (height === image.height) return wide;
  return { width, height, data: resizeDown(wide, wholePlanOf(image.height, height, filter)) };
}

/** The same without rounding, as channels apart: [3, height, width]. */
export function resizedPlanes(
  image: RgbImage,
  width: number,
  height: number,
  filter: FilterName,
): Float32Array {
  const wide = new Float32Array(3 * image.height * width);
  const acrossPlan = planOf(image.width, width, FILTERS[filter]);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const first = y * image.width + acrossPlan.starts[x];
      for (let channel = 0; channel < 3; channel++) {
        const at = (channel * image.height + y) * width + x;
        wide[at] = weighed(acrossPlan, x, (tap) => image.data[(first + tap) * 3 + channel]);
      }
    }
  }
  const planes = new Float32Array(3 * height * width);
  const downPlan = planOf(image.height, height, FILTERS[filter]);
  for (let y = 0; y < height; y++) {
    for (let channel = 0; channel < 3; channel++) {
      const first = (channel * image.height + downPlan.starts[y]) * width;
      const to = (channel * height + y) * width;
      for (let x = 0; x < width; x++)
        planes[to + x] = weighed(downPlan, y, (tap) => wide[first + tap * width + x]);
    }
  }
  return planes;
}

function weighed({ weights, counts, taps }: Plan, i: number, valueOf: (tap: number) => number): number {
  let sum = 0;
  for (let tap = 0; tap < counts[i]; tap++) sum += valueOf(tap) * weights[i * taps + tap];
  return sum;
}

/** Weights as whole numbers, of 2^22. */
function wholePlanOf(from: number, to: number, filter: FilterName): ResizePlan {
  const plan = planOf(from, to, FILTERS[filter]);
  const whole = (weight: number): number => {
    const share = weight * 2 ** FRACTION;
    return Math.trunc(share < 0 ? share - 0.5 : share + 0.5);
  };
  return { ...plan, weights: Int32Array.from(plan.weights, whole) };
}

function planOf(from: number, to: number, { support, weight }: Filter): Plan {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const taps = Math.ceil(reach) * 2 + 1;
  const plan = {
    starts: new Int32Array(to),
    counts: new Int32Array(to),
    weights: new Float64Array(to * taps),
    taps,
  };
  const exact = new Float64Array(taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.trunc(Math.max(0, centre - reach + 0.5));
    const count = Math.trunc(Math.min(from, centre + reach + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      exact[tap] = weight((tap + start - centre + 0.5) / stretch);
      sum += exact[tap];
    }
    for (let tap = 0; tap < count; tap++) {
      plan.weights[i * taps + tap] = sum === 0 ? exact[tap] : exact[tap] / sum;
    }
    plan.starts[i] = start;
    plan.counts[i] = count;
  }
  return plan;
}
