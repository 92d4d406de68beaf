import { int4 } from 'swift-ts/graph';
import type { ConfigReader, StoredWeight } from 'swift-ts/nn';
import { codec, type Codec, type CodedTensors, type WeightCodec } from 'swift-ts/plugin';
import { byRows, heldGroup } from './_groups.js';

/** Which of eight columns the i-th half-byte of a word holds, the lowest first. */
const COLUMNS = [0, 2, 4, 6, 1, 3, 5, 7];

/** AWQ (Lin et al., 2023) in AutoAWQ's gemm layout: int4 packed along the outputs, a scale and a zero point per group. */
@codec({
  id: 'awq',
  summary: "AWQ in 4 bits, AutoAWQ's gemm layout",
  quant_methods: ['awq'],
  example: { quant_method: 'awq', bits: 4, group_size: 128, zero_point: true, version: 'gemm' },
  config_file: 'quant_config.json',
})
export class Awq implements Codec {
  open(config: ConfigReader): WeightCodec {
    const field = config.has('version') || !config.has('format') ? 'version' : 'format';
    const version = config.get(field) ?? 'gemm';
    if (String(version).toLowerCase() !== 'gemm') throw config.error(field, "'gemm'");
    const bits = config.has('w_bit') ? 'w_bit' : 'bits';
    if (config.number(bits, 4) !== 4) throw config.error(bits, '4');
    const group = config.number(config.has('q_group_size') ? 'q_group_size' : 'group_size', 128);
    if (group !== -1 && (group < 2 || !Number.isInteger(group)))
      throw config.error('group_size', '-1 or a number of columns');
    return {
      tensorsOf(name) {
        if (!name.endsWith('.weight')) return {};
        const stem = name.slice(0, -'weight'.length);
        return Object.fromEntries(['qweight', 'qzeros', 'scales'].map((word) => [word, stem + word]));
      },
      read: (tensors, shape) => read(tensors, shape, group),
    };
  }
}

function read(tensors: CodedTensors, shape: readonly [number, number], stated: number): StoredWeight {
  const [rows, columns] = shape;
  const width = stated === -1 ? columns : stated;
  const groups = Math.ceil(columns / width);
  const group = heldGroup(columns, width);
  if (group % 2 !== 0) throw tensors.error(`has groups of ${width} of its ${columns} columns`);
  const codes = codesByRows(tensors.take('qweight', 'int32', [columns, rows / 8]), rows, columns);
  const scales = tensors.take('scales', 'float32', [groups, rows]);
  const zeros = unpacked(tensors.take('qzeros', 'int32', [groups, rows / 8]));
  const grouped = [rows, columns / group];
  const size = grouped[0] * grouped[1];
  const of = Int32Array.from({ length: grouped[1] }, (_, i) => Math.floor((i * group) / width));
  return {
    format: { ...int4(group), name: 'awq int4', zero: 'group' },
    shape,
    parts: [
      { dtype: 'uint8', shape: [rows, columns / 2], data: codes },
      { dtype: 'float32', shape: grouped, data: byRows(scales, rows, of, new Float32Array(size)) },
      { dtype: 'uint8', shape: grouped, data: byRows(zeros, rows, of, new Uint8Array(size)) },
    ],
  };
}

/** Words of eight columns as a byte each. */
function unpacked(words: Int32Array): Uint8Array {
  const codes = new Uint8Array(8 * words.length);
  for (let i = 0; i < words.length; i++)
    for (let half = 0; half < 8; half++) codes[8 * i + COLUMNS[half]] = (words[i] >>> (4 * half)) & 15;
  return codes;
}

/** Words [K, N/8] as rows of half-bytes [N, K/2], the even column in the low half; few rows at a time, for the cache. */
function codesByRows(words: Int32Array, rows: number, columns: number): Uint8Array {
  const codes = new Uint8Array((rows * columns) / 2);
  const [stride, across, block] = [columns / 2, rows / 8, 16];
  for (let left = 0; left < across; left += block) {
    const right = Math.min(across, left + block);
    for (let pair = 0; pair < stride; pair++) {
      for (let c = left; c < right; c++) {
        const even = words[2 * pair * across + c];
        const odd = words[(2 * pair + 1) * across + c];
        for (let half = 0; half < 8; half++) {
          const at = (8 * c + COLUMNS[half]) * stride + pair;
          codes[at] = ((even >>> (4 * half)) & 15) | (((odd >>> (4 * half)) & 15) << 4);
        }
      }
    }
  }
  return codes;
}
