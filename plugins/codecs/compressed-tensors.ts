import { INT8, int4, type CodeFormat } from 'swift-ts/graph';
import { ConfigReader, type Config, type StoredWeight } from 'swift-ts/nn';
import { codec, type Codec, type CodedTensors, type WeightCodec } from 'swift-ts/plugin';
import { codesOfWords, transposed, unpack } from './_bit-stream.js';
import { e4m3Weight, E4M3_VALUES } from './_e4m3.js';
import { columnGroups, heldGroup } from './_groups.js';

/** The 4-bit float of MXFP4 and NVFP4: sign, 2 bits of exponent, one of mantissa. */
const E2M1 = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6];

type Shape = readonly [rows: number, columns: number];

/** What the config says of the weights. */
interface Scheme {
  readonly bits: number;
  readonly symmetric: boolean;
  /** Rows and columns that share a scale; -1: all. */
  readonly block: readonly [number, number];
}

type Read = (tensors: CodedTensors, shape: Shape, scheme: Scheme) => StoredWeight;

/** By `format`: which tensor holds the codes, and how they are read. */
const FORMATS: Readonly<Record<string, { readonly codes: string; readonly read: Read }>> = {
  'pack-quantized': { codes: 'weight_packed', read: readPacked },
  'int-quantized': { codes: 'weight', read: readBytes },
  'float-quantized': {
    codes: 'weight',
    read: (tensors, shape, { block }) =>
      e4m3Weight(tensors, shape, tensors.take('scale', 'float32'), blockOf(shape, block)),
  },
  'mxfp4-pack-quantized': { codes: 'weight_packed', read: readMicroscaled },
  'nvfp4-pack-quantized': { codes: 'weight_packed', read: readMicroscaled },
};

/** compressed-tensors, as llm-compressor writes it for vLLM: integers of 4 and 8 bits, FP8, MXFP4, NVFP4. */
@codec({
  id: 'compressed-tensors',
  summary: 'compressed-tensors of llm-compressor: int4, int8, FP8, MXFP4, NVFP4',
  quant_methods: ['compressed-tensors'],
  example: {
    quant_method: 'compressed-tensors',
    format: 'pack-quantized',
    config_groups: {
      group_0: { weights: { num_bits: 4, type: 'int', symmetric: true, strategy: 'group', group_size: 128 } },
    },
  },
})
export class CompressedTensors implements Codec {
  open(config: ConfigReader): WeightCodec {
    const groups = Object.values(config.nested('config_groups').config) as Config[];
    const schemes = new Set(groups.map(({ weights }) => JSON.stringify(weights)));
    if (schemes.size !== 1) throw config.error('config_groups', 'one scheme for all weights');
    config.only('kv_cache_scheme', null);
    const sparsity = config.nested('sparsity_config');
    sparsity.choice('format', ['dense'], 'dense');
    if (Object.keys(config.nested('transform_config').config).length > 0)
      throw config.error('transform_config', 'none');
    const [group] = groups.map((fields) => new ConfigReader(fields));
    const format = (group.has('format') ? group : config).choice('format', Object.keys(FORMATS));
    const scheme = schemeOf(group.nested('weights'));
    const { codes, read } = FORMATS[format];
    return {
      tensorsOf(name): Readonly<Record<string, string>> {
        if (!name.endsWith('.weight')) return {};
        const stem = name.slice(0, -'weight'.length);
        return {
          scale: `${stem}weight_scale`,
          codes: stem + codes,
          zeros: `${stem}weight_zero_point`,
          g_idx: `${stem}weight_g_idx`,
          shape: `${stem}weight_shape`,
          global: `${stem}weight_global_scale`,
          // Scales of activations are of no use: they are not rounded.
          input_scale: `${stem}input_scale`,
          input_zeros: `${stem}input_zero_point`,
          input_global: `${stem}input_global_scale`,
        };
      },
      read: (tensors, shape) => read(tensors, shape, scheme),
    };
  }
}

function schemeOf(weights: ConfigReader): Scheme {
  const strategy = weights.choice('strategy', ['tensor', 'channel', 'group', 'block', 'tensor_group']);
  const bits = weights.count('num_bits');
  if (bits !== 4 && bits !== 8) throw weights.error('num_bits', '4 or 8');
  const symmetric = weights.flag('symmetric', true);
  if (strategy === 'tensor') return { bits, symmetric, block: [-1, -1] };
  if (strategy === 'channel') return { bits, symmetric, block: [1, -1] };
  if (strategy !== 'block') return { bits, symmetric, block: [1, weights.count('group_size')] };
  const [rows, columns] = weights.numbers('block_structure');
  return { bits, symmetric, block: [rows, columns] };
}

function blockOf([rows, columns]: Shape, [high, wide]: Scheme['block']): [number, number] {
  return [high === -1 ? rows : high, wide === -1 ? columns : wide];
}

/** Codes in words along the row, zero points in words along the rows; both around the middle. */
function readPacked(tensors: CodedTensors, shape: Shape, { bits, symmetric, block }: Scheme): StoredWeight {
  const [rows, columns] = shape;
  const { order, group, of, groups } = columnGroups(tensors, 'g_idx', columns, block[1]);
  const words = tensors.take('codes', 'int32', [rows, (columns * bits) / 32]);
  const scales = rowScales(tensors, rows, groups, block);
  const held = [rows, columns / group];
  const format: CodeFormat = {
    ...int4(group),
    name: `int${bits} packed`,
    packing: bits === 8 ? 'uint8' : 'low-nibble',
    zero: symmetric ? 2 ** (bits - 1) : 'group',
    ...(order ? { permuted: true } : {}),
  };
  const codes = codesOfWords(words, rows, columns, bits, order);
  return {
    format,
    shape,
    parts: [
      { dtype: 'uint8', shape: [rows, codes.length / rows], data: codes },
      {
        dtype: 'float32',
        shape: held,
        data: spread(scales, groups, of, new Float32Array(held[0] * held[1])),
      },
      ...(symmetric ? [] : [zeroPart(tensors, held, groups, of, bits)]),
      ...(order ? [{ dtype: 'int32', shape: [columns], data: order } as const] : []),
    ],
  };
}

function zeroPart(
  tensors: CodedTensors,
  held: readonly number[],
  groups: number,
  of: Int32Array,
  bits: number,
): StoredWeight['parts'][0] {
  const [rows] = held;
  const words = tensors.take('zeros', 'int32', [(rows * bits) / 32, groups]);
  const columns = transposed(words, words.length / groups, groups);
  const points = new Uint8Array(groups * rows);
  const column = new Uint8Array(rows);
  for (let group = 0; group < groups; group++) {
    unpack(columns, (group * columns.length) / groups, bits, column);
    for (let row = 0; row < rows; row++) points[row * groups + group] = column[row];
  }
  return { dtype: 'uint8', shape: held, data: spread(points, groups, of, new Uint8Array(held[0] * held[1])) };
}

/** What there is per row and group of the file, [N, G], per row and held group. */
function spread<T extends Float32Array | Uint8Array>(values: T, groups: number, of: Int32Array, into: T): T {
  for (let i = 0; i < into.length; i++)
    into[i] = values[Math.floor(i / of.length) * groups + of[i % of.length]];
  return into;
}

/** [N, G] in float32; one scale for all is repeated. */
function rowScales(
  tensors: CodedTensors,
  rows: number,
  groups: number,
  [high]: Scheme['block'],
): Float32Array {
  if (high === -1) return new Float32Array(rows * groups).fill(tensors.take('scale', 'float32', [1])[0]);
  return tensors.take('scale', 'float32', [rows, groups]);
}

/** Signed bytes, with one scale per row or for all. */
function readBytes(tensors: CodedTensors, shape: Shape, { symmetric, block }: Scheme): StoredWeight {
  if (!symmetric || block[1] !== -1)
    throw tensors.error('has bytes with zero points or groups, which are read packed only');
  const scale = rowScales(tensors, shape[0], 1, block);
  return {
    format: INT8,
    shape,
    parts: [
      { dtype: 'int8', shape, data: tensors.take('codes', 'int8', shape) },
      { dtype: 'float32', shape: [shape[0]], data: scale },
    ],
  };
}

/** 4-bit floats, the low half first: MXFP4 has powers of two as scales, NVFP4 e4m3 ones over one for all. */
function readMicroscaled(tensors: CodedTensors, shape: Shape, { block: [, width] }: Scheme): StoredWeight {
  const [rows, columns] = shape;
  const group = heldGroup(columns, width);
  if (group !== width) throw tensors.error(`has groups of ${width} in rows of ${columns}`);
  const grouped = [rows, columns / group];
  const stored = tensors.take('scale', 'bytes', grouped);
  const over = tensors.has('global') ? tensors.take('global', 'float32', [1])[0] : undefined;
  const scales = new Float32Array(stored.length);
  for (let i = 0; i < scales.length; i++)
    scales[i] = over === undefined ? 2 ** (stored[i] - 127) : E4M3_VALUES[stored[i]] / over;
  const name = over === undefined ? 'mxfp4' : 'nvfp4';
  return {
    format: { name, packing: 'low-nibble', group, zero: 0, scale: 'float32', table: E2M1 },
    shape,
    parts: [
      {
        dtype: 'uint8',
        shape: [rows, columns / 2],
        data: tensors.take('codes', 'bytes', [rows, columns / 2]),
      },
      { dtype: 'float32', shape: grouped, data: scales },
    ],
  };
}
