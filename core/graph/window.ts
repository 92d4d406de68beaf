/** Sliding windows over the spatial dimensions of x [B, C, ...spatial], as convolutions and pools see them. */
import { vjp } from './autodiff.js';
import { concat } from './ops/concat.js';
import { pad } from './ops/pad.js';
import { reshape } from './ops/reshape.js';
import { slice } from './ops/slice.js';
import { transpose } from './ops/transpose.js';
import { input, shapeError, sizeOf, type Shape, type Tensor, type TensorSpec } from './tensor.js';

/** One number per spatial dimension; `padding` counts the elements assumed on both sides. */
export type Window = {
  kernel: readonly number[];
  stride: readonly number[];
  padding: readonly number[];
  dilation: readonly number[];
};

/** A number for every spatial dimension, or one each. */
export type PerDimension = number | readonly number[];

export interface WindowOptions {
  readonly stride?: PerDimension;
  readonly padding?: PerDimension;
  readonly dilation?: PerDimension;
}

export function windowOf(kernel: readonly number[], options: WindowOptions): Window {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const [strides, paddings, dilations] = [stride, padding, dilation].map((value) =>
    each(value, kernel.length),
  );
  return { kernel, stride: strides, padding: paddings, dilation: dilations };
}

export function each(value: PerDimension, rank: number): readonly number[] {
  return typeof value === 'number' ? new Array<number>(rank).fill(value) : value;
}

/** How many places the window has along each spatial dimension; below 1 where it does not fit. */
export function placesOf(spatial: Shape, { kernel, stride, padding, dilation }: Window): number[] {
  return spatial.map(
    (size, i) => Math.floor((size + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1,
  );
}

/** The shape rule of a pool. */
export function pooled(op: string, x: TensorSpec, window: Window): TensorSpec {
  const { kernel, padding } = window;
  const [batch, channels, ...spatial] = x.shape;
  const places = placesOf(spatial, window);
  const fits = spatial.length === kernel.length && places.every((count) => count > 0);
  if (!fits || x.dtype !== 'float32' || padding.some((count, i) => 2 * count > kernel[i]))
    throw shapeError(
      op,
      `float32 [B, C, ...spatial] that holds a kernel of [${kernel.join(', ')}], padding of at most half of it`,
      x,
    );
  return { shape: [batch, channels, ...places], dtype: 'float32' };
}

/** What the window sees: [B, C, ...spatial] -> [B, C, taps, ...places]. `fill` stands outside of x. */
export function unfold(x: Tensor, window: Window, fill = 0): Tensor {
  const { kernel, stride, padding, dilation } = window;
  const places = placesOf(x.shape.slice(2), window);
  // A stride's worth more behind, so that every run of strided elements divides evenly.
  const behind = padding.map((count, i) => count + stride[i] - 1);
  const padded = pad(x, [0, 0, ...padding], [0, 0, ...behind], fill);
  const taps = offsetsOf(kernel).map((offset) => {
    const seen = offset.reduce(
      (part, step, i) =>
        everyNth(part, i + 2, { start: step * dilation[i], count: places[i], step: stride[i] }),
      padded,
    );
    return reshape(seen, [x.shape[0], x.shape[1], 1, ...places]);
  });
  return concat(taps, 2);
}

/** The adjoint of `unfold`: sums [B, C, taps, ...places] back to `shape` [B, C, ...spatial]. */
export function fold(taps: Tensor, shape: Shape, window: Window): Tensor {
  const x = input(shape);
  // Unfolding is linear: its derivative does not depend on where it is taken.
  return vjp([unfold(x, window)], [taps], [x])[0];
}

function everyNth(
  x: Tensor,
  axis: number,
  { start, count, step }: { start: number; count: number; step: number },
): Tensor {
  const run = slice(x, axis, start, start + (step === 1 ? count : count * step));
  if (step === 1) return run;
  const split = reshape(run, [...x.shape.slice(0, axis), count, step, ...x.shape.slice(axis + 1)]);
  return reshape(slice(split, axis + 1, 0, 1), x.shape.with(axis, count));
}

/** Every position in the kernel, row-major. */
function offsetsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (offsets, size) => offsets.flatMap((offset) => Array.from({ length: size }, (_, i) => [...offset, i])),
    [[]],
  );
}

/** [B, groups·width, ...places] -> [groups, B·places, width]; `width` may hold taps beside channels. */
export function toGroupRows(x: Tensor, groups: number, width: number): Tensor {
  const batch = x.shape[0];
  const places = sizeOf(x.shape) / (batch * groups * width);
  const split = reshape(x, [batch, groups, width, places]);
  return reshape(transpose(split, [1, 0, 3, 2]), [groups, batch * places, width]);
}

/** Undoes `toGroupRows`: [groups, B·places, width] -> `shape`. */
export function fromGroupRows(rows: Tensor, shape: Shape): Tensor {
  const [groups, count, width] = rows.shape;
  const split = reshape(rows, [groups, shape[0], count / shape[0], width]);
  return reshape(transpose(split, [1, 0, 3, 2]), shape);
}
