import { INT8, nf4, NF4_VALUES, SCALE_BLOCK, SCALE_VALUES, type CodeFormat } from 'swift-ts/graph';
import type { ConfigReader, StoredWeight } from 'swift-ts/nn';
import { codec, type Codec, type CodedTensors, type WeightCodec } from 'swift-ts/plugin';
import { gcd } from './_groups.js';

/** bitsandbytes as Transformers saves it: nf4 or fp4, with double quantization or not, and int8 per row. */
@codec({
  id: 'bnb',
  summary: 'bitsandbytes: nf4 and fp4, with double quantization or not, and int8 per row',
  quant_methods: ['bitsandbytes', 'bitsandbytes_4bit', 'bitsandbytes_8bit'],
  example: { quant_method: 'bitsandbytes', load_in_4bit: true, bnb_4bit_quant_type: 'nf4' },
})
export class BitsAndBytesCodec implements Codec {
  open(config: ConfigReader): WeightCodec {
    const is8 = config.flag('load_in_8bit', config.flag('_load_in_8bit'));
    const is4 = config.flag('load_in_4bit', config.flag('_load_in_4bit'));
    if (is8 === is4) throw config.error('load_in_4bit', 'true, or load_in_8bit true instead');
    if (is8) return int8Codec;
    return fourBitCodec(config.choice('bnb_4bit_quant_type', ['nf4', 'fp4'], 'fp4'));
  }
}

/** Codes int8 [N, K] and the largest size of each row. */
const int8Codec: WeightCodec = {
  tensorsOf(name): Readonly<Record<string, string>> {
    if (!name.endsWith('.weight')) return {};
    const stem = name.slice(0, -'weight'.length);
    return { SCB: `${stem}SCB`, weight: name, weight_format: `${stem}weight_format` };
  },
  read(tensors, shape): StoredWeight {
    const [rows] = shape;
    if (tensors.has('weight_format') && tensors.take('weight_format', 'bytes')[0] !== 0)
      throw tensors.error('is stored in tiles of a GPU (weight_format is not 0)');
    const scale = tensors.take('SCB', 'float32', [rows]);
    for (let row = 0; row < rows; row++) scale[row] /= 127;
    return {
      format: INT8,
      shape,
      parts: [
        { dtype: 'int8', shape, data: tensors.take('weight', 'int8', shape) },
        { dtype: 'float32', shape: [rows], data: scale },
      ],
    };
  },
};

/** What is said of a weight beside its tensors, in JSON. */
interface QuantState {
  readonly blocksize?: number;
  readonly shape?: readonly number[];
  readonly nested_blocksize?: number;
  readonly nested_offset?: number;
}

/** Codes of 4 bits over the row-major matrix, the high half of a byte first, with the largest size of each block. */
function fourBitCodec(type: 'nf4' | 'fp4'): WeightCodec {
  return {
    tensorsOf(name): Readonly<Record<string, string>> {
      if (!name.endsWith('.weight')) return {};
      const words = ['absmax', 'quant_map', 'nested_absmax', 'nested_quant_map'];
      return {
        state: `${name}.quant_state.bitsandbytes__${type}`,
        weight: name,
        ...Object.fromEntries(words.map((word) => [word, `${name}.${word}`])),
      };
    },
    read(tensors, shape): StoredWeight {
      const [rows, columns] = shape;
      const state = quantState(tensors, shape);
      const block = state.blocksize ?? 64;
      // Whatever type the codes are stored as (bnb_4bit_quant_storage), the bytes are the same.
      const codes = tensors.take('weight', 'bytes');
      if (codes.length !== (rows * columns) / 2)
        throw tensors.error(`has ${codes.length} bytes of codes, expected ${(rows * columns) / 2}`);
      const table = [...tensors.take('quant_map', 'float32', [16])];
      const group = gcd(columns, block);
      if (group % 2 !== 0) throw tensors.error(`has blocks of ${block} in rows of ${columns}`);
      const isNf4 = table.every((value, code) => value === NF4_VALUES[code]);
      const format: CodeFormat = { ...nf4(group), name: type, table: isNf4 ? NF4_VALUES : table };
      const held = { dtype: 'uint8', shape: [rows, columns / 2], data: codes } as const;
      const nested = group === block ? nestedParts(tensors, state, (rows * columns) / block) : undefined;
      if (nested) return { format, shape, parts: [held, ...nested] };
      const scales = perGroup(
        blockScales(tensors, state, Math.ceil((rows * columns) / block)),
        block / group,
      );
      const grouped = [rows, columns / group];
      return {
        format: { ...format, scale: 'float32' },
        shape,
        parts: [
          held,
          { dtype: 'float32', shape: grouped, data: scales.subarray(0, grouped[0] * grouped[1]) },
        ],
      };
    },
  };
}

function quantState(tensors: CodedTensors, shape: readonly number[]): QuantState {
  const text = new TextDecoder().decode(tensors.take('state', 'bytes'));
  let state: QuantState;
  try {
    state = JSON.parse(text) as QuantState;
  } catch {
    throw tensors.error(`has a quant_state that is no JSON: ${text.slice(0, 60)}`);
  }
  if (state.shape && state.shape.join() !== shape.join())
    throw tensors.error(`is [${state.shape.join(', ')}] by its quant_state, expected [${shape.join(', ')}]`);
  return state;
}

/** Scales as they are stored twice quantized, where they are and in the map that the graph core has. */
function nestedParts(
  tensors: CodedTensors,
  state: QuantState,
  count: number,
): StoredWeight['parts'] | undefined {
  if (!tensors.has('nested_absmax') || state.nested_blocksize !== SCALE_BLOCK) return undefined;
  const map = tensors.take('nested_quant_map', 'float32', [256]);
  if (!map.every((value, code) => value === SCALE_VALUES[code])) return undefined;
  const blocks = Math.ceil(count / SCALE_BLOCK);
  const codes = new Uint8Array(blocks * SCALE_BLOCK);
  codes.set(tensors.take('absmax', 'bytes', [count]));
  return [
    { dtype: 'uint8', shape: [blocks, SCALE_BLOCK], data: codes },
    { dtype: 'float32', shape: [blocks], data: tensors.take('nested_absmax', 'float32', [blocks]) },
    { dtype: 'float32', shape: [1], data: Float32Array.of(state.nested_offset ?? 0) },
  ];
}

/** One scale per block, in float32. */
function blockScales(tensors: CodedTensors, state: QuantState, count: number): Float32Array {
  if (!tensors.has('nested_absmax')) return tensors.take('absmax', 'float32', [count]);
  const codes = tensors.take('absmax', 'bytes', [count]);
  const map = tensors.take('nested_quant_map', 'float32', [256]);
  const scale = tensors.take('nested_absmax', 'float32');
  const { nested_blocksize: size = 256, nested_offset: offset = 0 } = state;
  const scales = new Float32Array(count);
  for (let i = 0; i < count; i++)
    scales[i] = Math.fround(map[codes[i]] * scale[Math.floor(i / size)]) + Math.fround(offset);
  return scales;
}

/** Each scale `times` over, for groups that are a part of a block. */
function perGroup(scales: Float32Array, times: number): Float32Array {
  if (times === 1) return scales;
  const repeated = new Float32Array(scales.length * times);
  for (let i = 0; i < scales.length; i++) repeated.fill(scales[i], i * times, (i + 1) * times);
  return repeated;
}
