/** Stored weights, value by value. */
import { isCodes, type WeightLayout } from '../../core/graph/index.js';
import type { Meaning } from './oracle.js';
import { at, fill, type Value } from './values.js';

function half(bits: number, mantissaBits: number, bias: number): number {
  const exponent = (bits & 0x7fff) >> mantissaBits;
  const mantissa = (bits & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  const size = exponent === 0 ? mantissa * 2 ** (1 - bias) : (1 + mantissa) * 2 ** (exponent - bias);
  return bits & 0x8000 ? -size : size;
}

/** The value of a weight at an index; nested scales come widened, columns in the order of the codes. */
function weightAt(
  [codes, scale, zeros]: readonly Value[],
  { format }: WeightLayout,
  index: readonly number[],
): number {
  if (format === 'f32') return at(codes, index);
  if (!isCodes(format))
    return format === 'f16' ? half(at(codes, index), 10, 15) : half(at(codes, index), 7, 127);
  const { packing, table, group, zero } = format;
  const [row, column] = index;
  const place = group === undefined ? [row] : [row, Math.floor(column / group)];
  const isWhole = packing === 'int8' || packing === 'uint8';
  const byte = at(codes, [row, isWhole ? column : column >> 1]);
  const isHigh = (column % 2 === 0) === (packing === 'high-nibble');
  const code = isWhole ? byte : isHigh ? byte >> 4 : byte & 15;
  return ((table ? table[code] : code) - (zero === 'group' ? at(zeros, place) : zero)) * at(scale, place);
}

export const weightMeanings: Readonly<Record<string, Meaning>> = {
  dequantize: (operands, layout: WeightLayout, [{ shape }]) => [
    fill('float32', shape, (index) => weightAt(operands, layout, index)),
  ],
  quantizedMatmul: ([x, ...operands], layout: WeightLayout, [{ shape }]) => [
    fill('float32', shape, ([row, column]) => {
      let sum = 0;
      for (let k = 0; k < layout.shape[1]; k++)
        sum += at(x, [row, k]) * weightAt(operands, layout, [column, k]);
      return sum;
    }),
  ],
  // The cases' activations are whole steps of their 8-bit range, so the exact product is meant.
  int8Matmul: ([x, codes, scale], _, [{ shape }]) => [
    fill('float32', shape, ([row, column]) => {
      let sum = 0;
      for (let k = 0; k < codes.shape[1]; k++) sum += at(x, [row, k]) * at(codes, [column, k]);
      return sum * at(scale, [column]);
    }),
  ],
  storedCrossEntropy: ([hidden, labels, ...operands], layout: WeightLayout, [{ shape }]) => {
    const [vocab, width] = layout.shape;
    const table = Float64Array.from({ length: vocab * width }, (_, i) =>
      weightAt(operands, layout, [Math.floor(i / width), i % width]),
    );
    const logits = Array.from(labels.data, (_, n) =>
      Float64Array.from({ length: vocab }, (_, v) => {
        let sum = 0;
        for (let d = 0; d < width; d++) sum += hidden.data[n * width + d] * table[v * width + d];
        return sum;
      }),
    );
    const own = (n: number): number => logits[n][labels.data[n]];
    const largest = (n: number): number => logits[n].reduce((most, value) => Math.max(most, value));
    const total = (n: number): number =>
      largest(n) + Math.log(logits[n].reduce((sum, value) => sum + Math.exp(value - largest(n)), 0));
    return [
      fill('float32', shape, ([n]) => total(n) - own(n)),
      fill('float32', shape, ([n]) => (own(n) >= largest(n) ? 1 : 0)),
    ];
  },
  indexAdd: ([table, indices, updates], _, [{ dtype, shape }]) => [
    fill(dtype, shape, ([row, ...rest]) => {
      let sum = at(table, [row, ...rest]);
      indices.data.forEach((target, i) => {
        if (target === row) sum += at(updates, [i, ...rest]);
      });
      return sum;
    }),
  ],
};
