import { defineComposite } from '../composite.js';
import { apply1, shapeError, type Tensor } from '../tensor.js';
import { constant } from './constant.js';
import { matmul } from './matmul.js';
import { transpose } from './transpose.js';

export type InterpolateMode = 'nearest' | 'bilinear' | 'bicubic';

type InterpolateAttrs = { size: readonly number[]; mode: InterpolateMode };

/**
 * Resizes images x [B, C, H, W] to `size` [H', W'] as torch.nn.functional.interpolate does with align_corners=False
 * and no antialias. Linear in x: a product with one matrix per dimension.
 */
export const interpolateOp = defineComposite<InterpolateAttrs>({
  name: 'interpolate',
  residual: 'save',
  infer([x], { size }) {
    if (x.dtype !== 'float32' || x.shape.length !== 4 || size.length !== 2 || !size.every((n) => n >= 1))
      throw shapeError('interpolate', `float32 [B, C, H, W] and a size [H', W'], not [${size}]`, x);
    return [{ shape: [...x.shape.slice(0, 2), ...size], dtype: 'float32' }];
  },
  decompose([x], { size: [height, width], mode }) {
    const wide = resizeLast(x, width, mode);
    return [swapLast(resizeLast(swapLast(wide), height, mode))];
  },
});

export function interpolate(x: Tensor, size: readonly number[], mode: InterpolateMode = 'nearest'): Tensor {
  return apply1(interpolateOp, [x], { size, mode });
}

function resizeLast(x: Tensor, size: number, mode: InterpolateMode): Tensor {
  const from = x.shape.at(-1)!;
  const matrix = Array.from({ length: size }, (_, i) => {
    const row = new Array<number>(from).fill(0);
    // Beyond the edge the image goes on as its last pixel.
    for (const [at, weight] of TAPS[mode](i, from, size)) row[Math.min(Math.max(at, 0), from - 1)] += weight;
    return row;
  });
  return matmul(x, constant(matrix.flat(), [size, from]), { transB: true });
}

function swapLast(x: Tensor): Tensor {
  return transpose(x, [0, 1, 3, 2]);
}

type Taps = readonly (readonly [at: number, weight: number])[];

/** Which source pixels, and how much of each, make pixel `i` of a row that goes from one size to another. */
const TAPS: Readonly<Record<InterpolateMode, (i: number, from: number, to: number) => Taps>> = {
  // PyTorch counts in float32 here, which decides where i · from / to is a whole number.
  nearest: (i, from, to) => [[Math.floor(Math.fround(i * Math.fround(from / to))), 1]],
  bilinear: (i, from, to) => {
    const [at, t] = split(Math.max(centre(i, from, to), 0));
    return [
      [at, 1 - t],
      [at + 1, t],
    ];
  },
  bicubic: (i, from, to) => {
    const [at, t] = split(centre(i, from, to));
    return [-1, 0, 1, 2].map((step) => [at + step, cubic(Math.abs(t - step))]);
  },
};

function centre(i: number, from: number, to: number): number {
  return ((i + 0.5) * from) / to - 0.5;
}

function split(position: number): [whole: number, rest: number] {
  const whole = Math.floor(position);
  return [whole, position - whole];
}

/** Cubic convolution kernel (Keys, 1981) with PyTorch's a = -0.75. */
function cubic(x: number): number {
  const a = -0.75;
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
}
