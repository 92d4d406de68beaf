/**
 * Weighted sums of a picture's samples. Bands of rows are brought into a small WebAssembly memory and done there 16 bytes at a
 * time; rows that do not fit, and machines without WebAssembly SIMD, get the same bytes in JavaScript.
 */
import { plainAcross, plainDown, type ResizePlan, type Rows } from './resize-plain.js';
import { RESIZE_LOOPS_WASM } from './resize-loops-wasm.js';
import { lazyModule, openLoops } from './wasm.js';

export { FRACTION, type ResizePlan } from './resize-plain.js';

/** The exports of resize-loops.wat. */
interface ResizeLoops {
  across(rows: number, columns: number, from: number, stride: number, to: number, ...plan: number[]): void;
  down(rows: number, from: number, stride: number, to: number, ...plan: number[]): void;
}

/** Bytes of the memory, of which bands take what plans leave. */
const CAPACITY = 2 ** 23;
/** Bytes that vectors read and write behind the end of rows. */
const BEHIND = 16;

const loopsModule = lazyModule(RESIZE_LOOPS_WASM);
let opened: { readonly buffer: ArrayBuffer; readonly loops: ResizeLoops } | undefined;

/** A plan as the loops read it, at the start of their memory. */
interface PlacedPlan {
  /** Addresses of places and weights, and the bytes of weights for each new column or row. */
  readonly addresses: readonly [places: number, weights: number, room: number];
  /** Bytes. */
  readonly end: number;
}

/** Pictures with new columns. @returns [height, columns, 3] */
export function resizeAcross(rows: Rows, plan: ResizePlan): Uint8Array {
  const { data, width, height } = rows;
  const columns = plan.starts.length;
  const made = new Uint8Array(height * columns * 3);
  const memory = openMemory();
  const placed = memory && placePlan(memory.buffer, plan, 3);
  const [stride, wide] = [width * 3, columns * 3];
  const band = placed ? Math.floor((CAPACITY - placed.end - 2 * BEHIND) / (stride + wide)) : 0;
  if (band < 1) {
    plainAcross(rows, plan, made);
    return made;
  }
  const { buffer, loops } = memory!;
  const from = placed!.end;
  const to = from + band * stride + BEHIND;
  for (let row = 0; row < height; row += band) {
    const count = Math.min(band, height - row);
    new Uint8Array(buffer, from).set(data.subarray(row * stride, (row + count) * stride));
    loops.across(count, columns, from, stride, to, ...placed!.addresses);
    made.set(new Uint8Array(buffer, to, count * wide), row * wide);
  }
  return made;
}

/** Pictures with new rows. @returns [rows, width, 3] */
export function resizeDown(rows: Rows, plan: ResizePlan): Uint8Array {
  const { data, width, height } = rows;
  const { starts, counts } = plan;
  const stride = width * 3;
  const made = new Uint8Array(starts.length * stride);
  const memory = openMemory();
  const placed = memory && placePlan(memory.buffer, plan, stride);
  const room = placed ? CAPACITY - placed.end - 2 * BEHIND : 0;
  // A new row needs its own old ones, and one more that an odd number of taps has read along.
  if (room < (plan.taps + 2) * stride) {
    plainDown(rows, plan, made);
    return made;
  }
  const { buffer, loops } = memory!;
  const [places, weights, weightRoom] = placed!.addresses;
  const from = placed!.end;
  for (let y = 0; y < starts.length;) {
    const first = starts[y];
    let next = y;
    let last = first;
    while (next < starts.length) {
      const end = Math.max(last, starts[next] + counts[next]);
      if ((end - first + 1 + (next + 1 - y)) * stride > room) break;
      last = end;
      next++;
    }
    const to = from + (last - first + 1) * stride + BEHIND;
    new Uint8Array(buffer, from).set(data.subarray(first * stride, Math.min(last, height) * stride));
    // Places are told from the picture's first row, of which the band is a part.
    const origin = from - first * stride;
    loops.down(next - y, origin, stride, to, places + 8 * y, weights + weightRoom * y, weightRoom);
    made.set(new Uint8Array(buffer, to, (next - y) * stride), y * stride);
    y = next;
  }
  return made;
}

function openMemory(): NonNullable<typeof opened> | undefined {
  const module = loopsModule();
  return module ? (opened ??= openLoops<ResizeLoops>(module, CAPACITY)) : undefined;
}

/** @param step bytes from one old sample to the next @returns undefined where the plan takes more than half of the memory */
function placePlan(
  buffer: ArrayBuffer,
  { starts, counts, weights, taps }: ResizePlan,
  step: number,
): PlacedPlan | undefined {
  const size = starts.length;
  const pairs = Math.ceil(taps / 2);
  const end = 8 * size + 8 * pairs * size;
  if (end > CAPACITY / 2) return undefined;
  const places = new Int32Array(buffer, 0, 2 * size);
  const halves = new Int16Array(buffer, 8 * size, 4 * pairs * size).fill(0);
  for (let i = 0; i < size; i++) {
    places[2 * i] = starts[i] * step;
    places[2 * i + 1] = Math.ceil(counts[i] / 2);
    for (let tap = 0; tap < counts[i]; tap++) {
      const weight = weights[i * taps + tap];
      const at = 4 * (i * pairs + (tap >> 1)) + (tap & 1);
      halves[at] = weight >> 11;
      halves[at + 2] = weight & 2047;
    }
  }
  return { addresses: [0, 8 * size, 8 * pairs], end };
}
