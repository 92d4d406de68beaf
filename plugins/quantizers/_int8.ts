import type { Shape } from 'swift-ts/graph';
import type { StoredWeight } from 'swift-ts/nn';

/** One scale per output row, whose largest weight gets the largest code. */
export function quantizeInt8(values: Float32Array, shape: Shape, largestCode = 127): StoredWeight {
  const [rows, columns] = shape;
  const codes = new Int8Array(values.length);
  const scale = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let i = start; i < start + columns; i++) largest = Math.max(largest, Math.abs(values[i]));
    scale[row] = largest / largestCode;
    const inverse = largest === 0 ? 0 : largestCode / largest;
    // Rounds to nearest: cutting off a number above 0 is several times faster than Math.round.
    for (let i = start; i < start + columns; i++) codes[i] = ((values[i] * inverse + 128.5) | 0) - 128;
  }
  return {
    ...{ format: 'int8', shape, group: 1 },
    parts: [
      { dtype: 'int8', shape, data: codes },
      { dtype: 'float32', shape: [rows], data: scale },
    ],
  };
}
