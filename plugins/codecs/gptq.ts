import { int4, type CodeFormat } from 'swift-ts/graph';
import type { ConfigReader, StoredWeight } from 'swift-ts/nn';
import { codec, type Codec, type CodedTensors, type WeightCodec } from 'swift-ts/plugin';
import { codesOfWords, transposed, unpack } from './_bit-stream.js';
import { byRows, columnGroups } from './_groups.js';

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
  const { order, group, of, groups } = columnGroups(tensors, 'g_idx', columns, facts.group);
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
  const codes = codesOfWords(transposed(packed, packed.length / rows, rows), rows, columns, bits, order);
  return {
    format,
    shape,
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
