import { INT8, type Shape } from 'swift-ts/graph';
import type { StoredWeight } from 'swift-ts/nn';
import { int8Codes } from 'swift-ts/plugin';

/** One scale per output row, whose largest weight gets the largest code. */
export function quantizeInt8(values: Float32Array, shape: Shape, largestCode = 127): StoredWeight {
  const [rows, columns] = shape;
  const { codes, largest } = int8Codes(values, columns, largestCode);
  const scale = largest;
  for (let row = 0; row < rows; row++) scale[row] /= largestCode;
  return {
    format: INT8,
    shape,
    parts: [
      { dtype: 'int8', shape, data: codes },
      { dtype: 'float32', shape: [rows], data: scale },
    ],
  };
}
