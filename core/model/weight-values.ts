/** Stored weights as float32 values. Plain loops: a callback per value costs seconds on a large head. */
import { closeSync, openSync, readSync } from 'node:fs';
import { NF4_VALUES, SCALE_BLOCK, SCALE_VALUES } from '../graph/index.js';
import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from '../io/dtypes.js';
import { badFile } from '../io/files.js';
import type { FilePlace, Parameter, StoredWeight } from '../nn/index.js';

/** A parameter's values in float32, row-major: its own memory when it is held so, else widened, or read, anew. */
export function weightValues(parameter: Parameter): Float32Array {
  if (parameter.file) return valuesInFile(parameter.file);
  const { weight } = parameter;
  const { data } = weight.parts[0];
  switch (weight.format) {
    case 'f32':
      return data as Float32Array;
    case 'f16':
      return f16ToF32(data as Uint16Array);
    case 'bf16':
      return bf16ToF32(data as Uint16Array);
    case 'int8':
      return fromInt8(weight);
    case 'int4':
      return fromInt4(weight);
    case 'nf4':
      return fromNf4(weight);
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
  parameter.hold({ format, shape, group: 1, parts: [{ dtype: 'uint16', shape, data }] });
}

function fromInt8({ shape: [rows, columns], parts: [codes, scale] }: StoredWeight): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let row = 0, i = 0; row < rows; row++) {
    const step = scale.data[row];
    for (const end = i + columns; i < end; i++) values[i] = codes.data[i] * step;
  }
  return values;
}

function fromInt4({ shape: [rows, columns], parts: [codes, scale], group }: StoredWeight): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let block = 0, i = 0; i < values.length; block++) {
    const step = scale.data[block];
    for (const end = i + group; i < end; i += 2) {
      const byte = codes.data[i >> 1];
      values[i] = ((byte & 15) - 8) * step;
      values[i + 1] = ((byte >> 4) - 8) * step;
    }
  }
  return values;
}

function fromNf4({ shape: [rows, columns], parts, group }: StoredWeight): Float32Array {
  const [codes, scaleCodes, scale, offset] = parts;
  const values = new Float32Array(rows * columns);
  for (let block = 0, i = 0; i < values.length; block++) {
    const part = Math.fround(
      SCALE_VALUES[scaleCodes.data[block]] * scale.data[Math.floor(block / SCALE_BLOCK)],
    );
    const step = Math.fround(part + offset.data[0]);
    for (const end = i + group; i < end; i += 2) {
      const byte = codes.data[i >> 1];
      values[i] = NF4_VALUES[byte >> 4] * step;
      values[i + 1] = NF4_VALUES[byte & 15] * step;
    }
  }
  return values;
}
