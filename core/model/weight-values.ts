/** Stored weights as float32 values. Plain loops: a callback per value costs seconds on a large head. */
import { closeSync, openSync, readSync } from 'node:fs';
import { bitsOf, isCodes, SCALE_BLOCK, SCALE_VALUES, type CodeFormat } from '../graph/index.js';
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from '../io/dtypes.js';
import { badFile } from '../io/files.js';
import type { FilePlace, Parameter, StoredWeight } from '../nn/index.js';

/** A parameter's values in float32, row-major: its own memory when it is held so, else widened, or read, anew. */
export function weightValues(parameter: Parameter): Float32Array {
  if (parameter.file) return valuesInFile(parameter.file);
  const { weight } = parameter;
  const { data } = weight.parts[0];
  if (isCodes(weight.format)) return fromCodes(weight, weight.format);
  switch (weight.format) {
    case 'f32':
      return data as Float32Array;
    case 'f16':
      return f16ToF32(data as Uint16Array);
    case 'bf16':
      return bf16ToF32(data as Uint16Array);
  }
}

function valuesInFile({ path, position, bytes }: FilePlace): Float32Array {
  const values = new Uint8Array(bytes);
  const file = openSync(path, 'r');
  try {
    for (let done = 0; done < bytes;) {
      const read = readSync(file, values, done, Math.min(bytes - done, MOST_BYTES), position + done);
      if (read === 0) throw badFile(path, 'is shorter than it was when the model was loaded');
      done += read;
    }
  } finally {
    closeSync(file);
  }
  return new Float32Array(values.buffer);
}

/** One read moves at most this many bytes. */
const MOST_BYTES = 1 << 30;

/** Puts new values in a parameter, rounded to 16 bits where it holds such; in float32 otherwise. */
export function replaceValues(parameter: Parameter, values: Float32Array): void {
  const { format, shape } = parameter;
  if (format !== 'f16' && format !== 'bf16') {
    parameter.data = values;
    return;
  }
  const data = (format === 'f16' ? f32ToF16 : f32ToBf16)(values);
  parameter.hold({ format, shape, parts: [{ dtype: 'uint16', shape, data }] });
}

function fromCodes({ shape, parts }: StoredWeight, format: CodeFormat): Float32Array {
  const { group = shape[1], zero, permuted } = format;
  const values = new Float32Array(shape[0] * shape[1]);
  unpack(parts[0].data, format, values);
  const nested = format.scale === 'nested';
  const scale = nested ? nestedScales(parts, values.length / group) : parts[1].data;
  const zeros = zero === 'group' ? parts[nested ? 4 : 2].data : undefined;
  for (let block = 0, i = 0; i < values.length; block++) {
    const [step, from] = [scale[block], zeros ? zeros[block] : (zero as number)];
    for (const end = i + group; i < end; i++) values[i] = (values[i] - from) * step;
  }
  return permuted ? inColumnOrder(values, parts[parts.length - 1].data) : values;
}

const WHOLE_NUMBERS = Array.from({ length: 16 }, (_, code) => code);

/** Codes, or the values that a table has for them. */
function unpack(codes: StoredWeight['parts'][0]['data'], format: CodeFormat, into: Float32Array): void {
  const { table, packing } = format;
  if (bitsOf(format) === 8) {
    if (table) for (let i = 0; i < into.length; i++) into[i] = table[codes[i]];
    else into.set(codes);
    return;
  }
  const values = new Float32Array(table ?? WHOLE_NUMBERS);
  const [even, odd] = packing === 'high-nibble' ? [4, 0] : [0, 4];
  for (let i = 0; i < into.length; i += 2) {
    const byte = codes[i >> 1];
    into[i] = values[(byte >> even) & 15];
    into[i + 1] = values[(byte >> odd) & 15];
  }
}

function nestedScales([, codes, scale, offset]: StoredWeight['parts'], count: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const part = Math.fround(SCALE_VALUES[codes.data[i]] * scale.data[Math.floor(i / SCALE_BLOCK)]);
    values[i] = part + offset.data[0];
  }
  return values;
}

/** Column i of `values` is column `order[i]` of the weight. */
function inColumnOrder(values: Float32Array, order: StoredWeight['parts'][0]['data']): Float32Array {
  const columns = order.length;
  const sorted = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += columns)
    for (let i = 0; i < columns; i++) sorted[start + order[i]] = values[start + i];
  return sorted;
}
