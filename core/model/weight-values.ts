import { NF4_VALUES, SCALE_BLOCK } from '../graph/index.js';
import { bf16ToF32, f16ToF32 } from '../io/dtypes.js';
import type { Parameter, StoredWeight } from '../nn/index.js';

/** A parameter's values in float32, row-major: its own memory when it is held so, else widened anew. */
export function weightValues({ weight }: Parameter): Float32Array {
  const [codes, scale] = weight.parts;
  switch (weight.format) {
    case 'f32':
      return codes.data as Float32Array;
    case 'f16':
      return f16ToF32(codes.data as Uint16Array);
    case 'bf16':
      return bf16ToF32(codes.data as Uint16Array);
    case 'int8':
      return valuesOf(weight, (i) => codes.data[i] * scale.data[Math.floor(i / weight.shape[1])]);
    case 'int4':
      return valuesOf(
        weight,
        (i) => (nibble(codes.data[i >> 1], i % 2 === 1) - 8) * scale.data[Math.floor(i / weight.group)],
      );
    case 'nf4':
      return valuesOf(
        weight,
        (i) => NF4_VALUES[nibble(codes.data[i >> 1], i % 2 === 0)] * nf4Scale(weight, i),
      );
  }
}

function valuesOf({ shape }: StoredWeight, at: (i: number) => number): Float32Array {
  const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
  for (let i = 0; i < values.length; i++) values[i] = at(i);
  return values;
}

function nibble(byte: number, isHigh: boolean): number {
  return isHigh ? byte >> 4 : byte & 15;
}

function nf4Scale({ parts: [, codes, scale, offset], group }: StoredWeight, i: number): number {
  const block = Math.floor(i / group);
  return Math.fround(
    Math.fround(codes.data[block] * scale.data[Math.floor(block / SCALE_BLOCK)]) + offset.data[0],
  );
}
