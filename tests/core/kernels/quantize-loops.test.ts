import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/index.js';
import { codesByBorders, hasVectorLoops, int4Codes, int8Codes } from '../../../core/kernels/index.js';
import { plainByBorders, plainInt4, plainInt8, type Coded } from '../../../core/kernels/quantize-plain.js';

const BORDERS = Float32Array.from({ length: 15 }, (_, i) => (i - 7) / 7.5);

const room8 = (values: Float32Array, size: number): Coded<Int8Array> => ({
  codes: new Int8Array(values.length),
  largest: new Float32Array(values.length / size),
});
const room4 = (values: Float32Array, size: number): Coded<Uint8Array> => ({
  codes: new Uint8Array(values.length / 2),
  largest: new Float32Array(values.length / size),
});

/** Every loop, as the vectors do it and in JavaScript. */
const LOOPS: Readonly<
  Record<string, (values: Float32Array, size: number) => [fast: unknown, plain: unknown]>
> = {
  int8: (values, size) => {
    const plain = room8(values, size);
    plainInt8(values, size, plain, 127);
    return [int8Codes(values, size, 127), plain];
  },
  'int8 up to 64': (values, size) => {
    const plain = room8(values, size);
    plainInt8(values, size, plain, 64);
    return [int8Codes(values, size, 64), plain];
  },
  int4: (values, size) => {
    const plain = room4(values, size);
    plainInt4(values, size, plain);
    return [int4Codes(values, size), plain];
  },
  'by borders': (values, size) => {
    const plain = room4(values, size);
    plainByBorders(values, size, plain, BORDERS);
    return [codesByBorders(values, size, BORDERS), plain];
  },
};

/** Finite values of every size; many equal ones, zeros, halves of a step and borders among them. */
const value = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -16, max: 16 }).map((n) => n / 2),
  fc.constantFrom(0, -0, 1e-45, -1e-38, 2 ** -118, 2 ** -117, 3.4e38, -3.4e38, 1 / 7.5, 1),
);

test('this machine has WebAssembly SIMD, or nothing here is tested', () => {
  expect(hasVectorLoops()).toBe(true);
});

describe.each(Object.keys(LOOPS))('%s: WebAssembly and JavaScript give the same bits', (name) => {
  test('over values of every kind', () => {
    const units = fc
      .constantFrom(32, 64, 96, 128)
      .chain((size) =>
        fc
          .integer({ min: 1, max: 5 })
          .chain((count) =>
            fc.tuple(
              fc.constant(size),
              fc.array(value, { minLength: size * count, maxLength: size * count }),
            ),
          ),
      );
    fc.assert(
      fc.property(units, ([size, list]) => {
        const [fast, plain] = LOOPS[name](new Float32Array(list), size);
        expect(fast).toEqual(plain);
      }),
      { numRuns: 150, seed: 36 },
    );
  });

  test.each([
    ['a size that is no whole vectors', 3, 100],
    ['more than a piece', 1200, 64],
    ['a row larger than a piece', 3, 2 ** 16],
    ['a small one after a large one', 2, 32],
  ])('%s', (_, count, size) => {
    const random = SeededRandom.seeded(size);
    const values = new Float32Array(count * size);
    for (let i = 0; i < values.length; i++) values[i] = random.normal();
    const [fast, plain] = LOOPS[name](values, size);
    expect(fast).toEqual(plain);
  });
});

test('what the codes stand for, by hand', () => {
  const row = (values: readonly number[]): Float32Array => {
    const whole = new Float32Array(32);
    whole.set(values);
    return whole;
  };
  // A step of 1: halves go to the even code.
  const int8 = int8Codes(row([127, -127, 0.5, 1.5, -0.5, -1.5, 2.4, 2.6]), 32, 127);
  expect([...int8.codes.subarray(0, 9)]).toEqual([127, -127, 0, 2, 0, -2, 2, 3, 0]);
  expect([...int8.largest]).toEqual([127]);
  // −8 has the largest size, so a step is 1 and codes are 8 more; the even column lies in the low half.
  const int4 = int4Codes(row([-8, 7, 0, -1, 7.6, 3.4]), 32);
  expect([...int4.codes.subarray(0, 4)]).toEqual([0 | (15 << 4), 8 | (7 << 4), 15 | (11 << 4), 8 | (8 << 4)]);
  expect([...int4.largest]).toEqual([-8]);
  expect([...int4Codes(row([2, -3, 3]), 32).largest]).toEqual([-3]);
  // 2 is 1 of its group and above all 15 borders, −2 above none; 0 lies on the eighth, so above seven; the even column lies high.
  const borders = codesByBorders(row([2, -2, 0, 0.3]), 32, BORDERS);
  expect([...borders.codes.subarray(0, 2)]).toEqual([15 << 4, (7 << 4) | 9]);
});
