import { nf4, NF4_VALUES, SCALE_BLOCK, SCALE_VALUES, type Shape } from 'swift-ts/graph';
import type { StoredWeight } from 'swift-ts/nn';
import { codesByBorders, quantizer, type Quantizer, type ValuesOf } from 'swift-ts/plugin';
import { groupArguments, whyUnfit, type GroupOptions } from './_groups.js';
import { quantizeInt8 } from './_int8.js';

/**
 * Between two neighbouring values the nearer one is taken, of two the lower one. No border is rounded up, so that what
 * lies above one in float32 is what lies above it.
 */
const MIDPOINTS = new Float32Array(
  NF4_VALUES.slice(1).map((value, i) => roundDown((value + NF4_VALUES[i]) / 2)),
);

/** The float32 next to `x` that is no larger. */
function roundDown(x: number): number {
  const near = Math.fround(x);
  return near <= x ? near : near - Math.abs(near) * 2 ** -24;
}

/**
 * bitsandbytes' formats: 4-bit normal floats with double quantization (Dettmers et al., 2023), and int8 per row
 * (Dettmers et al., 2022, without the outlier columns).
 */
@quantizer({
  id: 'bnb',
  summary: "bitsandbytes' formats: nf4 with double quantization, int8 per row",
  bits: [4, 8],
  arguments: groupArguments,
})
export class BitsAndBytes implements Quantizer<ValuesOf<typeof groupArguments>> {
  readonly whyUnfit = whyUnfit;

  fits([, columns]: Shape, { bits, quant_group_size }: GroupOptions): boolean {
    return bits === 8 || columns % quant_group_size === 0;
  }

  quantize(
    values: Float32Array,
    shape: Shape,
    { bits, quant_group_size, largest_code }: GroupOptions,
  ): StoredWeight {
    return bits === 8
      ? quantizeInt8(values, shape, largest_code)
      : quantizeNf4(values, shape, quant_group_size);
  }
}

function quantizeNf4(values: Float32Array, shape: Shape, group: number): StoredWeight {
  const [rows, columns] = shape;
  const { codes, largest } = codesByBorders(values, group, MIDPOINTS);
  return {
    format: nf4(group),
    shape,
    parts: [{ dtype: 'uint8', shape: [rows, columns / 2], data: codes }, ...quantizeScales(largest)],
  };
}

/** Scales in 8 bits: what they differ from their mean by, in the dynamic map, with a scale of its own per 256. */
function quantizeScales(largest: Float32Array): StoredWeight['parts'] {
  const blocks = Math.ceil(largest.length / SCALE_BLOCK);
  let sum = 0;
  for (let i = 0; i < largest.length; i++) sum += largest[i];
  const offset = Math.fround(sum / largest.length);
  const codes = new Uint8Array(blocks * SCALE_BLOCK);
  const scale = new Float32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const start = block * SCALE_BLOCK;
    const end = Math.min(start + SCALE_BLOCK, largest.length);
    let high = 0;
    for (let i = start; i < end; i++) high = Math.max(high, Math.abs(Math.fround(largest[i] - offset)));
    scale[block] = high;
    const inverse = high === 0 ? 0 : Math.fround(1 / high);
    for (let i = start; i < end; i++)
      codes[i] = nearestScale(Math.fround(Math.fround(largest[i] - offset) * inverse));
  }
  return [
    { dtype: 'uint8', shape: [blocks, SCALE_BLOCK], data: codes },
    { dtype: 'float32', shape: [blocks], data: scale },
    { dtype: 'float32', shape: [1], data: Float32Array.of(offset) },
  ];
}

/** Between two neighbouring values of the dynamic map the nearer one is taken, of two the lower one. */
const SCALE_MIDPOINTS = SCALE_VALUES.slice(1).map((value, i) => (value + SCALE_VALUES[i]) / 2);

function nearestScale(x: number): number {
  let [low, high] = [0, SCALE_MIDPOINTS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (SCALE_MIDPOINTS[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
