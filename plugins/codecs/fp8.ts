import type { CodeFormat } from 'swift-ts/graph';
import type { ConfigReader, StoredWeight } from 'swift-ts/nn';
import { codec, type Codec, type CodedTensors, type WeightCodec } from 'swift-ts/plugin';
import { E4M3_VALUES, requireNumbers } from './_e4m3.js';
import { heldGroup } from './_groups.js';

/** FP8 as DeepSeek-V3 and Qwen3 publish it: e4m3 with a scale per block of the matrix, or one for all of it. */
@codec({
  id: 'fp8',
  summary: 'FP8 e4m3, with a scale per block (DeepSeek-V3, Qwen3) or per matrix',
  quant_methods: ['fp8'],
  example: { quant_method: 'fp8', fmt: 'e4m3', activation_scheme: 'dynamic', weight_block_size: [128, 128] },
})
export class Fp8 implements Codec {
  open(config: ConfigReader): WeightCodec {
    config.choice('fmt', ['e4m3', 'float8_e4m3fn'], 'e4m3');
    const block = config.has('weight_block_size') ? config.numbers('weight_block_size') : undefined;
    if (block && !(block.length === 2 && block.every((size) => Number.isInteger(size) && size > 0)))
      throw config.error('weight_block_size', 'two numbers of rows and columns');
    const scale = block ? 'weight_scale_inv' : 'weight_scale';
    return {
      tensorsOf(name): Readonly<Record<string, string>> {
        if (!name.endsWith('.weight')) return {};
        const stem = name.slice(0, -'weight'.length);
        // Scales of activations are of no use: they are not rounded.
        const [input_scale, activation_scale] = [`${stem}input_scale`, `${stem}activation_scale`];
        return { scale: stem + scale, weight: name, input_scale, activation_scale };
      },
      read: (tensors, shape) => read(tensors, shape, block ?? shape),
    };
  }
}

/** A value is its code's times the scale of its block, whatever `scale_inv` may say. Blocks at the edges are cut. */
function read(
  tensors: CodedTensors,
  [rows, columns]: readonly [number, number],
  [high, wide]: readonly number[],
): StoredWeight {
  const shape = [rows, columns];
  const across = Math.ceil(columns / wide);
  const scales = tensors.take('scale', 'float32');
  if (scales.length !== Math.ceil(rows / high) * across)
    throw tensors.error(
      `has ${scales.length} scales, expected one per block of [${Math.min(high, rows)}, ${Math.min(wide, columns)}]`,
    );
  const group = heldGroup(columns, wide);
  const grouped = [rows, columns / group];
  const held = new Float32Array(grouped[0] * grouped[1]);
  for (let row = 0, at = 0; row < rows; row++) {
    const from = Math.floor(row / high) * across;
    for (let i = 0; i < grouped[1]; i++, at++) held[at] = scales[from + Math.floor((i * group) / wide)];
  }
  const codes = tensors.take('weight', 'bytes', shape);
  if (codes.length !== rows * columns) throw tensors.error('is not stored in FP8');
  requireNumbers(codes, group, held);
  const format: CodeFormat = {
    ...{ name: 'fp8', packing: 'uint8', group, zero: 0, scale: 'float32', table: E4M3_VALUES },
  };
  return {
    ...{ format, shape },
    parts: [
      { dtype: 'uint8', shape, data: codes },
      { dtype: 'float32', shape: grouped, data: held },
    ],
  };
}
