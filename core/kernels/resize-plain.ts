/** Weighted sums of a picture's samples in plain JavaScript, with the arithmetic of resize-loops.wat. */

/** Fraction bits of weights: 32, less 8 for the value and 2 for sums beyond it. */
export const FRACTION = 22;

/** What each new column or row is made of: `counts` weights from `starts` on. */
export interface ResizePlan {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [size, taps], of 2^22 */
  readonly weights: Int32Array;
  readonly taps: number;
}

/** Bytes of red, green and blue, row by row. */
export interface Rows {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** New columns of each row. @param made [height, columns, 3] */
export function plainAcross({ data, width, height }: Rows, plan: ResizePlan, made: Uint8Array): void {
  const columns = plan.starts.length;
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < columns; x++) {
      const first = (row * width + plan.starts[x]) * 3;
      const at = x * plan.taps;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 1 << (FRACTION - 1);
        for (let tap = 0; tap < plan.counts[x]; tap++)
          sum += data[first + tap * 3 + channel] * plan.weights[at + tap];
        made[(row * columns + x) * 3 + channel] = clipped(sum);
      }
    }
  }
}

/** New rows. @param made [rows, width, 3] */
export function plainDown({ data, width }: Rows, plan: ResizePlan, made: Uint8Array): void {
  const stride = width * 3;
  const sums = new Int32Array(stride);
  for (let y = 0; y < plan.starts.length; y++) {
    sums.fill(1 << (FRACTION - 1));
    for (let tap = 0; tap < plan.counts[y]; tap++) {
      const weight = plan.weights[y * plan.taps + tap];
      const from = (plan.starts[y] + tap) * stride;
      for (let i = 0; i < stride; i++) sums[i] += data[from + i] * weight;
    }
    for (let i = 0; i < stride; i++) made[y * stride + i] = clipped(sums[i]);
  }
}

function clipped(sum: number): number {
  const value = sum >> FRACTION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
