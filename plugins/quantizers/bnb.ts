import { NF4_VALUES, SCALE_BLOCK, type Shape } from 'swift-ts/graph';
import type { StoredWeight } from 'swift-ts/nn';
import { quantizer, type QuantizeOptions, type Quantizer } from 'swift-ts/plugin';
import { quantizeInt8 } from './_int8.js';

/** Between two neighbouring values the nearer one is taken. */
const MIDPOINTS = NF4_VALUES.slice(1).map((value, i) => (value + NF4_VALUES[i]) / 2);

/**
 * bitsandbytes' formats: 4-bit normal floats with double quantization (Dettmers et al., 2023), and int8 per row
 * (Dettmers et al., 2022, without the outlier columns).
 */
@quantizer({
  id: 'bnb',
  summary: "bitsandbytes' formats: nf4 with double quantization, int8 per row",
  bits: [4, 8],
})
export class BitsAndBytes implements Quantizer {
  fits([, columns]: Shape, { bits, group_size }: QuantizeOptions): boolean {
    return bits === 8 || columns % group_size === 0;
  }

  quantize(
    values: Float32Array,
    shape: Shape,
    { bits, group_size, largest_code }: QuantizeOptions,
  ): StoredWeight {
    return bits === 8 ? quantizeInt8(values, shape, largest_code) : quantizeNf4(values, shape, group_size);
  }
}

function quantizeNf4(values: Float32Array, shape: Shape, group: number): StoredWeight {
  const [rows, columns] = shape;
  const largest = new Float32Array(values.length / group);
  for (let i = 0; i < values.length; i++) {
    const block = Math.floor(i / group);
    largest[block] = Math.max(largest[block], Math.abs(values[i]));
  }
  const scales = quantizeScales(largest);
  const codes = new Uint8Array(values.length / 2);
  for (let block = 0; block < largest.length; block++) {
    const inverse = scales.widened[block] === 0 ? 0 : 1 / scales.widened[block];
    const start = block * group;
    for (let i = start; i < start + group; i += 2) {
      codes[i >> 1] = (nearest(values[i] * inverse) << 4) | nearest(values[i + 1] * inverse);
    }
  }
  return {
    ...{ format: 'nf4', shape, group },
    parts: [{ dtype: 'uint8', shape: [rows, columns / 2], data: codes }, ...scales.parts],
  };
}

/** Index of the nf4 value next to `x`, by bisection. */
function nearest(x: number): number {
  let low = 0;
  let high = MIDPOINTS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (MIDPOINTS[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Scales in 8 bits around their mean, a scale of their own per 256: value = offset + code · scale, code 0 … 255. */
function quantizeScales(largest: Float32Array): { widened: Float32Array; parts: StoredWeight['parts'] } {
  const blocks = Math.ceil(largest.length / SCALE_BLOCK);
  const offset = Math.fround(largest.reduce((low, value) => Math.min(low, value), Infinity));
  const codes = new Uint8Array(blocks * SCALE_BLOCK);
  const scale = new Float32Array(blocks);
  const widened = new Float32Array(largest.length);
  for (let block = 0; block < blocks; block++) {
    const held = largest.subarray(block * SCALE_BLOCK, (block + 1) * SCALE_BLOCK);
    scale[block] = (held.reduce((high, value) => Math.max(high, value), 0) - offset) / 255;
    const inverse = scale[block] === 0 ? 0 : 1 / scale[block];
    held.forEach((value, i) => {
      const at = block * SCALE_BLOCK + i;
      codes[at] = Math.round((value - offset) * inverse);
      widened[at] = Math.fround(codes[at] * scale[block]) + offset;
    });
  }
  return {
    widened,
    parts: [
      { dtype: 'uint8', shape: [blocks, SCALE_BLOCK], data: codes },
      { dtype: 'float32', shape: [blocks], data: scale },
      { dtype: 'float32', shape: [1], data: Float32Array.of(offset) },
    ],
  };
}
