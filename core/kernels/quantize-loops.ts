/**
 * Float32 weights to codes. Pieces of a weight are brought into a small WebAssembly memory and done there four values
 * at a time; sizes that are no whole vectors, and machines without WebAssembly SIMD, get the same bits in JavaScript.
 */
import { plainByBorders, plainInt4, plainInt8, TINY, type Coded } from './quantize-plain.js';
import { QUANTIZE_LOOPS_WASM } from './quantize-loops-wasm.js';
import { lazyModule, openLoops } from './wasm.js';

export type { Coded } from './quantize-plain.js';

/** The exports of quantize-loops.wat. */
interface QuantizeLoops {
  int8(units: number, size: number, values: number, codes: number, largest: number, ...code: number[]): void;
  int4(units: number, size: number, values: number, codes: number, largest: number, tiny: number): void;
  byBorders(
    units: number,
    size: number,
    values: number,
    codes: number,
    largest: number,
    ...more: number[]
  ): void;
}

/** Values of a piece, if a unit is not larger: they stay in the processor's nearer caches. */
const PIECE = 2 ** 15;
/** Where the borders lie, and how many there are. */
const [BORDERS, BORDER_COUNT] = [0, 15];
const VALUES = 64;

const loopsModule = lazyModule(QUANTIZE_LOOPS_WASM);
let opened:
  { readonly capacity: number; readonly buffer: ArrayBuffer; readonly loops: QuantizeLoops } | undefined;

/** The loops in a memory with room for so many values, their codes and what the loops say of each unit. */
function loopsFor(capacity: number): NonNullable<typeof opened> | undefined {
  const module = loopsModule();
  if (!module) return undefined;
  // A unit has 16 values or more.
  if (!opened || opened.capacity < capacity)
    opened = { capacity, ...openLoops<QuantizeLoops>(module, VALUES + capacity * (4 + 1 + 4 / 16)) };
  return opened;
}

type Loop = (loops: QuantizeLoops, units: number, codes: number, largest: number) => void;

/** Runs a loop over all units, piece by piece; false where it must be done in JavaScript. */
function inPieces(
  values: Float32Array,
  size: number,
  { codes, largest }: Coded<Int8Array | Uint8Array>,
  loop: Loop,
  borders?: Float32Array,
): boolean {
  const perPiece = Math.max(1, Math.floor(PIECE / size));
  const memory = loopsFor(Math.max(PIECE, size));
  if (!memory) return false;
  const { buffer, capacity, loops } = memory;
  const codesAt = VALUES + 4 * capacity;
  const largestAt = codesAt + capacity;
  const bytesPerUnit = codes.length / largest.length;
  if (borders) new Float32Array(buffer, BORDERS, BORDER_COUNT).set(borders);
  const inside = new Float32Array(buffer, VALUES, capacity);
  for (let unit = 0; unit < largest.length; unit += perPiece) {
    const units = Math.min(perPiece, largest.length - unit);
    inside.set(values.subarray(unit * size, (unit + units) * size));
    loop(loops, units, codesAt, largestAt);
    const made = units * bytesPerUnit;
    codes.set(
      codes instanceof Int8Array
        ? new Int8Array(buffer, codesAt, made)
        : new Uint8Array(buffer, codesAt, made),
      unit * bytesPerUnit,
    );
    largest.set(new Float32Array(buffer, largestAt, units), unit);
  }
  return true;
}

/** int8 codes up to `code` in size, one scale per row of `size` values: `largest / code`. */
export function int8Codes(values: Float32Array, size: number, code: number): Coded<Int8Array> {
  const coded = { codes: new Int8Array(values.length), largest: new Float32Array(values.length / size) };
  const loop: Loop = (loops, units, codes, largest) =>
    loops.int8(units, size, VALUES, codes, largest, code, TINY);
  if (size % 16 !== 0 || !inPieces(values, size, coded, loop)) plainInt8(values, size, coded, code);
  return coded;
}

/**
 * int4 codes in pairs, the even one in the low half, one scale per group of `size` values. The value of largest size,
 * of two the first, is what `largest` says; it gets code 0, which stands for −8: the scale is `largest / −8`.
 */
export function int4Codes(values: Float32Array, size: number): Coded<Uint8Array> {
  const coded = { codes: new Uint8Array(values.length / 2), largest: new Float32Array(values.length / size) };
  const loop: Loop = (loops, units, codes, largest) => loops.int4(units, size, VALUES, codes, largest, TINY);
  if (size % 32 !== 0 || !inPieces(values, size, coded, loop)) plainInt4(values, size, coded);
  return coded;
}

/**
 * 4-bit codes in pairs, the even one in the high half: how many of 15 rising borders lie below a value over the largest
 * magnitude of its group of `size` values.
 */
export function codesByBorders(values: Float32Array, size: number, borders: Float32Array): Coded<Uint8Array> {
  const coded = { codes: new Uint8Array(values.length / 2), largest: new Float32Array(values.length / size) };
  const loop: Loop = (loops, units, codes, largest) =>
    loops.byBorders(units, size, VALUES, codes, largest, BORDERS, TINY);
  if (size % 32 !== 0 || !inPieces(values, size, coded, loop, borders))
    plainByBorders(values, size, coded, borders);
  return coded;
}
