import { int4, type CodeFormat } from 'swift-ts/graph';
import type { ConfigReader, StoredWeight } from 'swift-ts/nn';
import { codec, type Codec, type CodedTensors, type WeightCodec } from 'swift-ts/plugin';
import { transposed, unpack } from './_bit-stream.js';
import { byRows, gcd, heldGroup } from './_groups.js';

/**
 * GPTQ (Frantar et al., 2023) as AutoGPTQ and GPTQModel write it: codes of 2, 3, 4 or 8 bits packed along the inputs, a
 * scale and a zero point per group of inputs, and with desc_act groups of inputs that do not lie together.
 */
@codec({
  id: 'gptq',
  summary: 'GPTQ in 2, 3, 4 or 8 bits, desc_act or not, as AutoGPTQ and GPTQModel write it',
  quant_methods: ['gptq'],
  example: {
    quant_method: 'gptq',
    bits: 4,
    group_size: 128,
    desc_act: true,
    sym: true,
    checkpoint_format: 'gptq',
  },
  config_file: 'quantize_config.json',
})
export class Gptq implements Codec {
  open(config: ConfigReader): WeightCodec {
    const field = config.has('checkpoint_format') ? 'checkpoint_format' : 'format';
    const format = config.choice(field, ['gptq', 'gptq_v2'], 'gptq');
    if (config.flag('is_marlin_format')) throw config.error('is_marlin_format', 'false');
    config.only('pack_dtype', 'int32');
    const bits = config.count('bits');
    if (![2, 3, 4, 8].includes(bits)) throw config.error('bits', '2, 3, 4 or 8');
    const group = config.number('group_size', 128);
    if (group !== -1 && (group < 2 || !Number.isInteger(group)))
      throw config.error('group_size', '-1 or a number of columns');
    if (config.has('dynamic')) checkSkips(config);
    const facts = { bits, group, sym: config.flag('sym', true), v1: format === 'gptq' };
    return {
      tensorsOf(name) {
        if (!name.endsWith('.weight')) return {};
        const stem = name.slice(0, -'weight'.length);
        const words = ['qweight', 'qzeros', 'scales', 'g_idx'];
        return Object.fromEntries(words.map((word) => [word, stem + word]));
      },
      read: (tensors, shape) => read(tensors, shape, facts),
    };
  }
}

/** Layers that are left whole are told by their tensors; those with other bits or groups are not read. */
function checkSkips(config: ConfigReader): void {
  const rules = Object.keys(config.get('dynamic') as object);
  if (!rules.every((rule) => rule.startsWith('-:')))
    throw config.error('dynamic', "rules that start with '-:', which leave layers whole");
}

interface Facts {
  readonly bits: number;
  /** Columns; -1: all. */
  readonly group: number;
  readonly sym: boolean;
  /** Whether zero points are stored one too low. */
  readonly v1: boolean;
}

function read(tensors: CodedTensors, shape: readonly [number, number], facts: Facts): StoredWeight {
  const { bits } = facts;
  const [rows, columns] = shape;
  const packed = tensors.take('qweight', 'int32', [(columns * bits) / 32, rows]);
  const { order, group, of, groups } = columnGroups(tensors, columns, facts.group);
  const scales = tensors.take('scales', 'float32', [groups, rows]);
  const zeros = zeroPoints(tensors, [groups, rows], facts);
  const grouped = [rows, columns / group];
  const size = grouped[0] * grouped[1];
  const format: CodeFormat = {
    ...int4(group),
    name: `gptq int${bits}`,
    packing: bits === 8 ? 'uint8' : 'low-nibble',
    zero: typeof zeros === 'number' ? zeros : 'group',
    ...(order ? { permuted: true } : {}),
  };
  const codes = codesByRows(transposed(packed, packed.length / rows, rows), rows, columns, bits, order);
  return {
    ...{ format, shape },
    parts: [
      { dtype: 'uint8', shape: [rows, codes.length / rows], data: codes },
      { dtype: 'float32', shape: grouped, data: byRows(scales, rows, of, new Float32Array(size)) },
      ...(typeof zeros === 'number'
        ? []
        : [{ dtype: 'uint8', shape: grouped, data: byRows(zeros, rows, of, new Uint8Array(size)) } as const]),
      ...(order ? [{ dtype: 'int32', shape: [columns], data: order } as const] : []),
    ],
  };
}

interface ColumnGroups {
  /** Columns group by group, where they do not lie so. */
  readonly order?: Int32Array;
  /** Columns of a held group, and of which of the file's each one is a part. */
  readonly group: number;
  readonly of: Int32Array;
  /** Of the file. */
  readonly groups: number;
}

function columnGroups(tensors: CodedTensors, columns: number, stated: number): ColumnGroups {
  const width = stated === -1 ? columns : stated;
  const groups = Math.ceil(columns / width);
  const isListed = tensors.has('g_idx') && tensors.shapeOf('g_idx')[0] > 0;
  const index = isListed ? tensors.take('g_idx', 'int32', [columns]) : undefined;
  const sizes = new Int32Array(groups);
  let isInOrder = true;
  for (let i = 0; i < columns; i++) {
    const of = index ? index[i] : Math.floor(i / width);
    if (of < 0 || of >= groups) throw tensors.error(`has g_idx ${of}, and ${groups} groups`);
    sizes[of]++;
    if (index && i > 0 && index[i] < index[i - 1]) isInOrder = false;
  }
  const group = groups === 1 ? heldGroup(columns, width) : sizes.reduce(gcd, 0);
  if (group % 2 !== 0) throw tensors.error(`has groups of ${[...new Set(sizes)].join(' and ')} columns`);
  const starts = new Int32Array(groups);
  for (let i = 1; i < groups; i++) starts[i] = starts[i - 1] + sizes[i - 1];
  const of = new Int32Array(columns / group);
  for (let i = 0; i < groups; i++) of.fill(i, starts[i] / group, (starts[i] + sizes[i]) / group);
  if (!index || isInOrder) return { group, of, groups };
  const order = new Int32Array(columns);
  for (let i = 0; i < columns; i++) order[starts[index[i]]++] = i;
  return { order, group, of, groups };
}

/**
 * One zero point for all, or a byte per group and row. By its config, a symmetric file has all of them in the middle, and
 * files that are marked v1 and hold v2's exist: there the value tells.
 */
function zeroPoints(
  tensors: CodedTensors,
  [groups, rows]: readonly [number, number],
  { bits, sym, v1 }: Facts,
): number | Uint8Array {
  const stride = (rows * bits) / 32;
  const words = tensors.take('qzeros', 'int32', [groups, stride]);
  const middle = 2 ** (bits - 1);
  const points = new Uint8Array(groups * rows);
  for (let i = 0; i < groups; i++) unpack(words, i * stride, bits, points.subarray(i * rows, (i + 1) * rows));
  const [first] = points;
  const isOne = points.every((point) => point === first);
  if (isOne && sym && (first === middle || (v1 && first === middle - 1))) return middle;
  if (v1) for (let i = 0; i < points.length; i++) points[i] = (points[i] + 1) & (2 ** bits - 1);
  return points;
}

/** @param words [N, K·bits / 32]; of 4 and 8 bits they are what is held, unless columns change places */
function codesByRows(
  words: Int32Array,
  rows: number,
  columns: number,
  bits: number,
  order?: Int32Array,
): Uint8Array {
  const bytes = new Uint8Array(words.buffer);
  if (!order && (bits === 4 || bits === 8)) return bytes;
  const row = new Uint8Array(columns);
  const stride = words.length / rows;
  const codes = new Uint8Array(bits === 8 ? rows * columns : (rows * columns) / 2);
  for (let n = 0; n < rows; n++) {
    unpack(words, n * stride, bits, row);
    const at = (n * codes.length) / rows;
    if (bits === 8) for (let i = 0; i < columns; i++) codes[at + i] = row[order ? order[i] : i];
    else if (order)
      for (let i = 0; i < columns; i += 2) codes[at + i / 2] = row[order[i]] | (row[order[i + 1]] << 4);
    else for (let i = 0; i < columns; i += 2) codes[at + i / 2] = row[i] | (row[i + 1] << 4);
  }
  return codes;
}
