/**
 * Float32 weights to codes in plain JavaScript, with the arithmetic of quantize-loops.wat: `Math.fround` after each
 * operation. A unit is what shares a scale: a row or a group of columns.
 */
const f32 = Math.fround;

/** Units whose largest magnitude is no more than this get codes of zero: its inverse would be no float32. */
export const TINY = 2 ** -118;

/** What a loop writes: codes, and per unit the value that its scale is made of, not finite when one of them is not. */
export interface Coded<Codes> {
  readonly codes: Codes;
  readonly largest: Float32Array;
}

export function plainInt8(
  values: Float32Array,
  size: number,
  { codes, largest }: Coded<Int8Array>,
  code: number,
): void {
  for (let unit = 0; unit < largest.length; unit++) {
    const start = unit * size;
    const most = (largest[unit] = largestOf(values, start, size));
    const inverse = most > TINY ? f32(code / most) : 0;
    for (let i = start; i < start + size; i++) codes[i] = nearestEven(f32(values[i] * inverse));
  }
}

/** A float32 that is added and taken away again leaves no bits for halves, and rounds them to even. */
const WHOLE = 1.5 * 2 ** 23;

function nearestEven(x: number): number {
  return f32(f32(x + WHOLE) - WHOLE);
}

export function plainInt4(values: Float32Array, size: number, { codes, largest }: Coded<Uint8Array>): void {
  for (let unit = 0; unit < largest.length; unit++) {
    const start = unit * size;
    let extreme = values[start];
    for (let i = start; i < start + size; i++) {
      if (Math.abs(values[i]) > Math.abs(extreme) || Number.isNaN(values[i])) extreme = values[i];
    }
    largest[unit] = extreme;
    const inverse = Math.abs(extreme) > TINY ? f32(-8 / extreme) : 0;
    for (let i = start; i < start + size; i += 2) {
      // Half up, and 8 more.
      const even = Math.min(15, Math.floor(f32(f32(values[i] * inverse) + 8.5)));
      const odd = Math.min(15, Math.floor(f32(f32(values[i + 1] * inverse) + 8.5)));
      codes[i >> 1] = even | (odd << 4);
    }
  }
}

export function plainByBorders(
  values: Float32Array,
  size: number,
  { codes, largest }: Coded<Uint8Array>,
  borders: Float32Array,
): void {
  for (let unit = 0; unit < largest.length; unit++) {
    const start = unit * size;
    const most = (largest[unit] = largestOf(values, start, size));
    const inverse = most > TINY ? f32(1 / most) : 0;
    for (let i = start; i < start + size; i += 2) {
      const even = below(f32(values[i] * inverse), borders);
      codes[i >> 1] = (even << 4) | below(f32(values[i + 1] * inverse), borders);
    }
  }
}

function largestOf(values: Float32Array, start: number, size: number): number {
  let most = 0;
  for (let i = start; i < start + size; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** How many of the rising borders lie below `x`. */
function below(x: number, borders: Float32Array): number {
  let [low, high] = [0, borders.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x > borders[middle]) low = middle + 1;
    else high = middle;
  }
  return low;
}
