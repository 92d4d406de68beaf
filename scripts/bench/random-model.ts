import { randomFillSync } from 'node:crypto';
import type { Scratch } from '../../core/contracts/scratch.js';
import { spill } from '../../core/model/bind-weights.js';
import { SeededRandom } from '../../core/data/index.js';
import { isCodes, partSpecs, sizeOf, type WeightFormat } from '../../core/graph/index.js';
import {
  Linear,
  type CausalLM,
  type DecoderTraits,
  type Parameter,
  type StoredWeight,
} from '../../core/nn/index.js';
import { FORMATS, tableFormat, type FormatName } from './formats.js';
import type { Batch } from '../../core/contracts/batch.js';

/**
 * Gives a model random weights: linear layers of the blocks in the format called `name`, embedding and head in the format that a
 * quantizer would give them. Only sizes and speed mean anything.
 * @param scratch where the blocks' linear layers go; absent: everything stays in memory
 */
export async function randomModel<Model extends CausalLM>(
  model: Model,
  name: FormatName,
  scratch?: Scratch,
): Promise<Model> {
  const random = SeededRandom.seeded(1);
  const linears = new Set(
    model.blocks
      .flatMap((block) => [...block.namedModules()])
      .flatMap(([, module]) => (module instanceof Linear ? [module.weight] : [])),
  );
  const [format, tables] = [FORMATS[name], tableFormat(name)];
  for (const [path, parameter] of model.namedParameters()) {
    if (path.includes('norm')) parameter.data = new Float32Array(parameter.size).fill(1);
    else if (parameter.shape.length === 1) parameter.data = new Float32Array(parameter.size);
    else {
      const plain = parameter.shape.length === 2 ? tables : 'f32';
      parameter.hold(randomWeight(parameter, linears.has(parameter) ? format : plain, random));
    }
    if (scratch && linears.has(parameter)) await spill(parameter, parameter.weight, scratch);
  }
  return model;
}

/** Uniform in ±0.035 in float32; any codes in the other formats, with scales that give about as much. */
function randomWeight({ shape, size }: Parameter, format: WeightFormat, random: SeededRandom): StoredWeight {
  const layout = { format, shape };
  const parts = partSpecs(layout).map(({ dtype, shape: part }, i) => {
    const count = sizeOf(part);
    if (dtype === 'float32' && format === 'f32') {
      const data = Float32Array.from({ length: size }, () => 0.07 * (random.uniform() - 0.5));
      return { dtype, shape: part, data };
    }
    if (dtype === 'float32')
      return { dtype, shape: part, data: new Float32Array(count).fill(scaleOf(format, i)) };
    if (dtype === 'uint16') {
      // Exponents around 2^-6: 0x3c80 in bfloat16, 0x2400 in float16.
      const bits = new Uint16Array(count);
      randomFillSync(bits);
      const base = format === 'bf16' ? 0x3c00 : 0x2000;
      bits.forEach((value, at) => (bits[at] = (value & 0x80ff) | base));
      return { dtype, shape: part, data: bits };
    }
    if (dtype === 'int32') {
      const order = Int32Array.from({ length: count }, (_, at) => (at * 7919) % count);
      return { dtype, shape: part, data: order };
    }
    const data = dtype === 'int8' ? new Int8Array(count) : new Uint8Array(count);
    randomFillSync(data);
    return { dtype, shape: part, data };
  });
  return { ...layout, parts };
}

/** What a part holds that makes values of about 0.03. */
function scaleOf(format: WeightFormat, part: number): number {
  if (!isCodes(format)) throw new Error(`${format} has no scales`);
  if (format.scale === 'nested') return part === 2 ? 0.0001 : 0.02;
  return format.packing === 'int8' ? 0.0003 : 0.004;
}

/** One row of random tokens, all supervised. */
export function randomRow({ vocab_size }: DecoderTraits, seq: number): Batch {
  const random = SeededRandom.seeded(2, seq);
  const input_ids = Int32Array.from({ length: seq }, () => random.below(vocab_size));
  const position_ids = Int32Array.from(input_ids, (_, i) => i);
  const samples = [{ start: 0, length: seq }];
  return { batch: 1, seq, input_ids, labels: input_ids, position_ids, samples };
}
