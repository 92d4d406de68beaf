import type { ConfigReader } from 'swift-ts/nn';
import { codec, type Codec, type WeightCodec } from 'swift-ts/plugin';
import { e4m3Weight } from './_e4m3.js';

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
        return { scale: stem + scale, codes: name, input_scale, activation_scale };
      },
      // Whatever `scale_inv` may say, values are multiplied by it.
      read: (tensors, shape) => e4m3Weight(tensors, shape, tensors.take('scale', 'float32'), block ?? shape),
    };
  }
}
