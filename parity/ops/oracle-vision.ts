/** Convolutions, pools, resizing and normalization, each as it is defined. */
import type { Meaning } from './oracle.js';
import { allIndices, at, fill, type Value } from './values.js';

interface Window {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** The element of x [B, C, ...spatial] that a kernel's `tap` meets at `place`; `outside` beyond the edges. */
function seen(
  x: Value,
  lead: readonly number[],
  { place, tap, window }: { place: readonly number[]; tap: readonly number[]; window: Window },
  outside = 0,
): number {
  const spot = place.map((p, i) => p * window.stride[i] + tap[i] * window.dilation[i] - window.padding[i]);
  return spot.every((i, axis) => i >= 0 && i < x.shape[axis + 2]) ? at(x, [...lead, ...spot]) : outside;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const convolution: Meaning = ([x, weight, bias], attrs: Window & { groups: number }, [{ shape }]) => {
  const [out, perGroup, ...kernel] = weight.shape;
  return [
    fill('float32', shape, ([b, o, ...place]) => {
      const first = Math.floor(o / (out / attrs.groups)) * perGroup;
      const products = allIndices([perGroup, ...kernel]).map(
        ([c, ...tap]) => at(weight, [o, c, ...tap]) * seen(x, [b, first + c], { place, tap, window: attrs }),
      );
      return total(products) + (bias ? at(bias, [o]) : 0);
    }),
  ];
};

/** Every element of x lays its weighted kernel over the output. */
const convTranspose: Meaning = ([x, weight], attrs: Window & { groups: number }, [{ shape }]) => {
  const [channels, perGroup, ...kernel] = weight.shape;
  const sums = fill('float32', shape, () => 0);
  const offset = (index: readonly number[]): number =>
    index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
  for (const [b, c, ...place] of allIndices(x.shape)) {
    const first = Math.floor(c / (channels / attrs.groups)) * perGroup;
    for (const [o, ...tap] of allIndices([perGroup, ...kernel])) {
      const spot = place.map((p, i) => p * attrs.stride[i] + tap[i] * attrs.dilation[i] - attrs.padding[i]);
      if (spot.every((i, axis) => i >= 0 && i < shape[axis + 2]))
        sums.data[offset([b, first + o, ...spot])] += at(x, [b, c, ...place]) * at(weight, [c, o, ...tap]);
    }
  }
  return [sums];
};

const convolutionWeight: Meaning = ([x, dy], attrs: Window & { groups: number }, [{ shape }]) => {
  const [out, perGroup] = shape;
  return [
    fill('float32', shape, ([o, c, ...tap]) => {
      const channel = Math.floor(o / (out / attrs.groups)) * perGroup + c;
      return total(
        allIndices([x.shape[0], ...dy.shape.slice(2)]).map(
          ([b, ...place]) => at(dy, [b, o, ...place]) * seen(x, [b, channel], { place, tap, window: attrs }),
        ),
      );
    }),
  ];
};

function pool(fold: (values: readonly number[]) => number, outside: number): Meaning {
  return ([x], attrs: Window & { kernel: readonly number[] }, [{ shape }]) => [
    fill('float32', shape, ([b, c, ...place]) =>
      fold(allIndices(attrs.kernel).map((tap) => seen(x, [b, c], { place, tap, window: attrs }, outside))),
    ),
  ];
}

type Source = readonly (readonly [at: number, weight: number])[];

/** aten/src/ATen/native/UpSample.h: compute_source_index_and_lambda, get_cubic_upsample_coefficients. */
const SOURCES: Readonly<Record<string, (i: number, from: number, to: number) => Source>> = {
  nearest: (i, from, to) => [[Math.min(Math.floor((i * from) / to), from - 1), 1]],
  bilinear: (i, from, to) => {
    const real = Math.max((from / to) * (i + 0.5) - 0.5, 0);
    const low = Math.min(Math.floor(real), from - 1);
    const high = low + (low < from - 1 ? 1 : 0);
    return [
      [low, 1 - (real - low)],
      [high, real - low],
    ];
  },
  bicubic: (i, from, to) => {
    const real = (from / to) * (i + 0.5) - 0.5;
    const low = Math.floor(real);
    const t = real - low;
    const A = -0.75;
    const near = (x: number): number => ((A + 2) * x - (A + 3)) * x * x + 1;
    const far = (x: number): number => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    const clamp = (at: number): number => Math.max(Math.min(at, from - 1), 0);
    return [
      [clamp(low - 1), far(t + 1)],
      [clamp(low), near(t)],
      [clamp(low + 1), near(1 - t)],
      [clamp(low + 2), far(2 - t)],
    ];
  },
};

const interpolate: Meaning = ([x], { mode }: { mode: string }, [{ shape }]) => {
  const [, , height, width] = x.shape;
  return [
    fill('float32', shape, ([b, c, i, j]) =>
      total(
        SOURCES[mode](i, height, shape[2]).flatMap(([row, down]) =>
          SOURCES[mode](j, width, shape[3]).map(
            ([column, across]) => down * across * at(x, [b, c, row, column]),
          ),
        ),
      ),
    ),
  ];
};

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = total(values) / values.length;
  return { mean, variance: total(values.map((value) => (value - mean) ** 2)) / values.length };
}

const layerNorm: Meaning = ([x, weight, bias], { eps }: { eps: number }, [, perRow]) => {
  const ofRow = (index: readonly number[]) =>
    moments(Array.from({ length: x.shape.at(-1)! }, (_, i) => at(x, [...index.slice(0, -1), i])));
  const inverse = (index: readonly number[]): number => 1 / Math.sqrt(ofRow(index).variance + eps);
  return [
    fill('float32', x.shape, (index) => {
      const normalized = (at(x, index) - ofRow(index).mean) * inverse(index);
      return normalized * at(weight, index.slice(-1)) + at(bias, index.slice(-1));
    }),
    fill('float32', perRow.shape, (index) => ofRow(index).mean),
    fill('float32', perRow.shape, inverse),
  ];
};

const groupNorm: Meaning = ([x, weight, bias], { groups, eps }: { groups: number; eps: number }) => {
  const perGroup = x.shape[1] / groups;
  const statistics = new Map(
    allIndices([x.shape[0], groups]).map(([b, group]) => {
      const members = allIndices([perGroup, ...x.shape.slice(2)]);
      const values = members.map(([c, ...place]) => at(x, [b, group * perGroup + c, ...place]));
      return [`${b} ${group}`, moments(values)];
    }),
  );
  return [
    fill('float32', x.shape, (index) => {
      const [b, c] = index;
      const { mean, variance } = statistics.get(`${b} ${Math.floor(c / perGroup)}`)!;
      return ((at(x, index) - mean) / Math.sqrt(variance + eps)) * at(weight, [c]) + at(bias, [c]);
    }),
  ];
};

export const vision: Readonly<Record<string, Meaning>> = {
  convolution,
  convTranspose,
  convolutionWeight,
  maxPool: pool((values) => Math.max(...values), -Infinity),
  avgPool: pool((values) => total(values) / values.length, 0),
  interpolate,
  layerNorm,
  groupNorm,
};
