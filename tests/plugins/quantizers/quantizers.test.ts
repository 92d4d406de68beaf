import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../../core/data/random.js';
import {
  dequantize,
  input,
  makeGraph,
  NF4_VALUES,
  partSpecs,
  SCALE_VALUES,
} from '../../../core/graph/index.js';
import { weightValues } from '../../../core/model/weight-values.js';
import { Parameter, type StoredWeight } from '../../../core/nn/index.js';
import { BitsAndBytes } from '../../../plugins/quantizers/bnb.js';
import { RoundToNearest } from '../../../plugins/quantizers/rtn.js';
import { ReferenceBackend } from '../../../plugins/backends/reference/index.js';

const SHAPE = [12, 192];
const random = SeededRandom.seeded(5);
const values = Float32Array.from({ length: 12 * 192 }, () => 0.1 * random.normal());
values.fill(0, 64, 128); // a group of nothing

function held(weight: StoredWeight): Float32Array {
  const parameter = new Parameter(SHAPE);
  parameter.hold(weight);
  return weightValues(parameter);
}

/** Root mean square of the error over that of the values. */
function relativeError(weight: StoredWeight): number {
  const got = held(weight);
  const squares = (of: (i: number) => number): number => got.reduce((sum, _, i) => sum + of(i) ** 2, 0);
  return Math.sqrt(squares((i) => got[i] - values[i]) / squares((i) => values[i]));
}

const METHODS = [
  ['rtn', 8, new RoundToNearest(), 0.012],
  ['rtn', 4, new RoundToNearest(), 0.12],
  ['bnb', 8, new BitsAndBytes(), 0.012],
  ['bnb', 4, new BitsAndBytes(), 0.1],
] as const;

describe.each(METHODS)('%s in %i bits', (_, bits, quantizer, allowed) => {
  test.each([32, 64])('a gaussian weight in groups of %i stays close', (quant_group_size) => {
    const weight = quantizer.quantize(values, SHAPE, { bits, quant_group_size, largest_code: 127 });
    expect(relativeError(weight)).toBeLessThan(allowed);
    expect(
      held(weight)
        .subarray(64, 128)
        .every((value) => Math.abs(value) < 1e-3),
    ).toBe(true);
    expect(weight.parts.map(({ dtype, shape }) => ({ dtype, shape }))).toEqual(partSpecs(weight));
  });

  test('the graph core reads the same values as the host', async () => {
    const weight = quantizer.quantize(values, SHAPE, { bits, quant_group_size: 64, largest_code: 127 });
    const parts = weight.parts.map(({ shape, dtype }) => input(shape, dtype));
    const executable = await new ReferenceBackend().compile(makeGraph(parts, [dequantize(parts, weight)]));
    const [result] = await executable.run(weight.parts);
    expect(result.data).toEqual(held(weight));
  });

  test('weights whose rows are no whole groups do not fit', () => {
    expect(quantizer.fits([4, 96], { bits, quant_group_size: 64, largest_code: 127 })).toBe(bits === 8);
    expect(quantizer.fits([4, 128], { bits, quant_group_size: 64, largest_code: 127 })).toBe(true);
  });
});

test('every nf4 code is that of the nearest value', () => {
  // The largest of its group is 1, so the scale is: one group, whose scale is stored exactly.
  const count = 4096;
  const ramp = new Float32Array(count);
  for (let i = 0; i < count; i++) ramp[i] = (2 * i) / (count - 1) - 1;
  const options = { bits: 4, quant_group_size: count, largest_code: 127 };
  const [{ data: codes }] = new BitsAndBytes().quantize(ramp, [1, count], options).parts;
  for (let i = 0; i < count; i++) {
    const code = i % 2 === 0 ? codes[i >> 1] >> 4 : codes[i >> 1] & 15;
    const distances = NF4_VALUES.map((value) => Math.abs(value - ramp[i]));
    expect(distances[code] - Math.min(...distances)).toBeLessThan(1e-7);
  }
});

test('nf4 is what bitsandbytes makes of a matrix, codes, scales and their scales', () => {
  const path = new URL('../../fixtures/quantizers/bitsandbytes-nf4.json', import.meta.url);
  const oracle = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly shape: readonly [number, number];
    readonly group: number;
    readonly scale: readonly number[];
    readonly offset: number;
  } & Record<'codes' | 'scale_codes' | 'scale_values' | 'values', string>;
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const floats = (text: string): Float32Array => new Float32Array(Uint8Array.from(bytes(text)).buffer);
  const [rows, columns] = oracle.shape;
  const matrix = Float32Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns);
    return ((((i * 7919) % 2003) - 1001) / 1001) * (((row * 37) % 50) / 50);
  });
  const options = { bits: 4, quant_group_size: oracle.group, largest_code: 127 };
  const weight = new BitsAndBytes().quantize(matrix, oracle.shape, options);
  const [codes, scaleCodes, scale, offset] = weight.parts.map(({ data }) => data);
  expect(SCALE_VALUES).toEqual([...floats(oracle.scale_values)]);
  const scales = (rows * columns) / oracle.group;
  expect([...scaleCodes.subarray(0, scales)]).toEqual([...bytes(oracle.scale_codes)]);
  expect([...scale]).toEqual(oracle.scale);
  expect(offset[0]).toBe(oracle.offset);
  expect(Buffer.from(codes as Uint8Array).equals(bytes(oracle.codes))).toBe(true);
  const parameter = new Parameter(oracle.shape);
  parameter.hold(weight);
  expect(weightValues(parameter)).toEqual(floats(oracle.values));
});
