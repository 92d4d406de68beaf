/** Resizing to the bit as Pillow does it for 8-bit pictures, with which models were trained. */
import type { RgbImage } from '../contracts/media.js';

/** Fraction bits of weights: 32, less 8 for the value and 2 for sums beyond it. */
const FRACTION = 22;

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

/** What each new sample is made of: `taps` weights from `starts[i]` on. */
interface Plan {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [size, taps], of 2^22 */
  readonly weights: Int32Array;
  readonly taps: number;
}

/** First across, then down, with 8-bit values between. A side that keeps its length is left alone. */
export function resizeImage(image: RgbImage, width: number, height: number, filter: FilterName): RgbImage {
  const wide =
    width === image.width ? image : across(image, planOf(image.width, width, FILTERS[filter]), width);
  return height === image.height ? wide : down(wide, planOf(image.height, height, FILTERS[filter]), height);
}

function planOf(from: number, to: number, { support, weight }: Filter): Plan {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const taps = Math.ceil(reach) * 2 + 1;
  const plan = {
    starts: new Int32Array(to),
    counts: new Int32Array(to),
    weights: new Int32Array(to * taps),
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
      const share = (sum === 0 ? exact[tap] : exact[tap] / sum) * 2 ** FRACTION;
      plan.weights[i * taps + tap] = Math.trunc(share < 0 ? share - 0.5 : share + 0.5);
    }
    plan.starts[i] = start;
    plan.counts[i] = count;
  }
  return plan;
}

function across({ width: from, height, data }: RgbImage, plan: Plan, width: number): RgbImage {
  const made = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const first = (row * from + plan.starts[x]) * 3;
      const at = x * plan.taps;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 1 << (FRACTION - 1);
        for (let tap = 0; tap < plan.counts[x]; tap++)
          sum += data[first + tap * 3 + channel] * plan.weights[at + tap];
        made[(row * width + x) * 3 + channel] = clipped(sum);
      }
    }
  }
  return { width, height, data: made };
}

function down({ width, data }: RgbImage, plan: Plan, height: number): RgbImage {
  const stride = width * 3;
  const made = new Uint8Array(stride * height);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    sums.fill(1 << (FRACTION - 1));
    for (let tap = 0; tap < plan.counts[y]; tap++) {
      const weight = plan.weights[y * plan.taps + tap];
      const from = (plan.starts[y] + tap) * stride;
      for (let i = 0; i < stride; i++) sums[i] += data[from + i] * weight;
    }
    for (let i = 0; i < stride; i++) made[y * stride + i] = clipped(sums[i]);
  }
  return { width, height, data: made };
}

function clipped(sum: number): number {
  const value = sum >> FRACTION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
