import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16, fromFloat32, toFloat32 } from '../../../core/io/dtypes.js';

const allHalves = Uint16Array.from({ length: 65536 }, (_, i) => i);
const isNan16 = (bits: number, exponentMask: number, mantissaMask: number) =>
  (bits & exponentMask) === exponentMask && (bits & mantissaMask) !== 0;

describe('bf16', () => {
  test('every value survives a round trip; NaN becomes quiet', () => {
    const back = f32ToBf16(bf16ToF32(allHalves));
    const expected = allHalves.map((i) => (isNan16(i, 0x7f80, 0x7f) ? i | 0x40 : i));
    expect(Buffer.compare(Buffer.from(back.buffer), Buffer.from(expected.buffer))).toBe(0);
  });

  test('rounds to nearest, ties to even', () => {
    const cases: [number, number][] = [
      [1 + 2 ** -8, 0x3f80], // tie between 1 and 1 + 2^-7, to the even one
      [1 + 3 * 2 ** -8, 0x3f82], // tie, to the even one above
      [1 + 2 ** -8 + 2 ** -20, 0x3f81],
      [3.4e38, 0x7f80], // overflow
      [-Infinity, 0xff80],
      [-0, 0x8000],
    ];
    for (const [value, bits] of cases) expect(f32ToBf16(Float32Array.of(value))[0]).toBe(bits);
  });

  test('is never further off than half a step', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 100), max: 2 ** 100 }),
        (x) => {
          const rounded = bf16ToF32(f32ToBf16(Float32Array.of(x)))[0];
          expect(Math.abs(rounded - x)).toBeLessThanOrEqual(Math.max(Math.abs(x) * 2 ** -8, 2 ** -134));
        },
      ),
    );
  });
});

describe('f16', () => {
  test('every value survives a round trip, subnormals included', () => {
    const back = f32ToF16(f16ToF32(allHalves));
    const expected = allHalves.map((i) => (isNan16(i, 0x7c00, 0x3ff) ? i | 0x200 : i));
    expect(Buffer.compare(Buffer.from(back.buffer), Buffer.from(expected.buffer))).toBe(0);
  });

  test('known values', () => {
    const wide = f16ToF32(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00));
    expect([...wide]).toEqual([1, -2, 65504, 2 ** -24, 2 ** -14, Infinity]);
  });

  test('rounds to nearest, ties to even, between every two neighbours', () => {
    const wide = f16ToF32(allHalves);
    for (let i = 0; i < 0x7bff; i++) {
      const middle = (wide[i] + wide[i + 1]) / 2; // exact in float32
      const [below, tie, above] = f32ToF16(
        Float32Array.of(middle * (1 - 2 ** -20), middle, middle * (1 + 2 ** -20)),
      );
      if (below !== i || tie !== i + (i & 1) || above !== i + 1) expect([below, tie, above, i]).toEqual([]);
    }
    expect([...f32ToF16(Float32Array.of(65519, 65520, 2 ** -25, -1e-30))]).toEqual([
      0x7bff, 0x7c00, 0, 0x8000,
    ]);
  });
});

test('integers, doubles, booleans and 8-bit floats widen', () => {
  const bytes = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const { MAX_SAFE_INTEGER: big } = Number;
  const wide = [
    toFloat32(bytes(BigInt64Array.of(-1n, BigInt(big), -(2n ** 62n))), 'I64'),
    toFloat32(bytes(BigUint64Array.of(2n ** 63n, 5n)), 'U64'),
    toFloat32(bytes(Int32Array.of(-7, 2 ** 30)), 'I32'),
    toFloat32(bytes(Uint32Array.of(2 ** 31)), 'U32'),
    toFloat32(bytes(Int16Array.of(-300)), 'I16'),
    toFloat32(bytes(Uint16Array.of(65535)), 'U16'),
    toFloat32(bytes(Int8Array.of(-128)), 'I8'),
    toFloat32(Uint8Array.of(255), 'U8'),
    toFloat32(bytes(Float64Array.of(0.1)), 'F64'),
    toFloat32(Uint8Array.of(0, 1), 'BOOL'),
    toFloat32(Uint8Array.of(0x38, 0x7e, 0x01, 0xb8), 'F8_E4M3'),
    toFloat32(Uint8Array.of(0x3c, 0x7b, 0x01, 0xfc), 'F8_E5M2'),
  ];
  expect(wide.map((values) => [...values])).toEqual([
    [-1, Math.fround(big), -(2 ** 62)],
    [2 ** 63, 5],
    [-7, 2 ** 30],
    [2 ** 31],
    [-300],
    [65535],
    [-128],
    [255],
    [Math.fround(0.1)],
    [0, 1],
    [1, 448, 2 ** -9, -1],
    [1, 57344, 2 ** -16, -Infinity],
  ]);
});

test('float32 is not silently stored as an integer', () => {
  expect(() => fromFloat32(Float32Array.of(1), 'I8')).toThrow('Float32 values cannot be stored as I8.');
});
