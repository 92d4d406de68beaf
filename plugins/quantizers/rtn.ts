import { int4, type Shape } from 'swift-ts/graph';
import type { StoredWeight } from 'swift-ts/nn';
import { int4Codes, quantizer, type Quantizer, type ValuesOf } from 'swift-ts/plugin';
import { groupArguments, whyUnfit, type GroupOptions } from './_groups.js';
import { quantizeInt8 } from './_int8.js';

/**
 * Round to nearest: int4 with one scale per group of columns, int8 with one per row; embedding and head in int8. Fast
 * to load and to decode.
 */
@quantizer({
  id: 'rtn',
  summary: 'round to nearest: int4 in groups, int8 per row',
  bits: [4, 8],
  arguments: groupArguments,
})
export class RoundToNearest implements Quantizer<ValuesOf<typeof groupArguments>> {
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
      : quantizeInt4(values, shape, quant_group_size);
  }

  quantizeTable(values: Float32Array, shape: Shape): StoredWeight {
    return quantizeInt8(values, shape);
  }
}

/** The value of largest size in a group becomes −8, as llama.cpp's Q4_0 has it: all 16 codes are used. */
function quantizeInt4(values: Float32Array, shape: Shape, group: number): StoredWeight {
  const [rows, columns] = shape;
  const { codes, largest: scale } = int4Codes(values, group);
  for (let block = 0; block < scale.length; block++) scale[block] /= -8;
  return {
    format: int4(group),
    shape,
    parts: [
      { dtype: 'uint8', shape: [rows, columns / 2], data: codes },
      { dtype: 'float32', shape: [rows, columns / group], data: scale },
    ],
  };
}
