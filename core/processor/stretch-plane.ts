import type { RgbImage } from '../contracts/media.js';

/** A channel of a picture, [height, width]. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** @param values of each byte */
export function planeOf({ width, height, data }: RgbImage, channel: number, values: Float32Array): Plane {
  const plane = Float32Array.from({ length: width * height }, (_, i) => values[data[3 * i + channel]]);
  return { width, height, data: plane };
}

/**
 * A plane, square unless its height is told, as `torch.nn.functional.interpolate` makes it of float32. `cubic`: by Keys' cubic with a = −0.75, four values a side
 * whatever the scale, those at the edge beyond it; `smooth`: bilinear, over as many values as lie under a place (antialias).
 */
export function stretchPlane(
  { width, height, data }: Plane,
  side: number,
  kind: 'cubic' | 'smooth',
  tall = side,
): Float32Array {
  const taps = kind === 'cubic' ? cubicTaps : smoothTaps;
  const across = taps(width, side);
  const lines = new Float32Array(height * side);
  for (let y = 0; y < height; y++)
    across.forEach((own, x) => {
      let sum = 0;
      for (const [at, share] of own) sum += share * data[y * width + at];
      lines[y * side + x] = sum;
    });
  const made = new Float32Array(side * tall);
  taps(height, tall).forEach((own, y) => {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (const [at, share] of own) sum += share * lines[at * side + x];
      made[y * side + x] = sum;
    }
  });
  return made;
}

type Taps = readonly (readonly [at: number, share: number])[];

function cubicTaps(from: number, to: number): readonly Taps[] {
  return Array.from({ length: to }, (_, i) => {
    const at = ((i + 0.5) * from) / to - 0.5;
    const below = Math.floor(at);
    return [-1, 0, 1, 2].map((step): readonly [number, number] => [
      Math.min(from - 1, Math.max(0, below + step)),
      cubic(Math.abs(at - below - step)),
    ]);
  });
}

/** @param x distance, 0 to 2 */
function cubic(x: number): number {
  const a = -0.75;
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}

/** Places and shares are float32, as PyTorch has them. */
function smoothTaps(from: number, to: number): readonly Taps[] {
  const { fround } = Math;
  const ratio = fround(from / to);
  const scale = Math.max(1, ratio);
  const inverse = fround(1 / scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = fround(ratio * (i + 0.5));
    const first = Math.max(0, Math.trunc(fround(centre - scale) + 0.5));
    const end = Math.min(from, Math.trunc(fround(centre + scale) + 0.5));
    const shares = Array.from({ length: end - first }, (_, tap) =>
      Math.max(0, fround(1 - Math.abs(fround((fround(first + tap - centre) + 0.5) * inverse)))),
    );
    const sum = shares.reduce((total, share) => fround(total + share), 0);
    return shares.map((share, tap): readonly [number, number] => [first + tap, fround(share / sum)]);
  });
}
