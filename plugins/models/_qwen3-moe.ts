import { chosenWindows, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { sparseLayers } from './_mixture.js';
import { qwen3Traits } from './_qwen.js';

/** Qwen3 with mixtures of experts. */
export function qwen3MoeTraits(reader: ConfigReader): DecoderTraits {
  const traits = { ...qwen3Traits(reader), layer: chosenWindows(reader, () => true) };
  const size = {
    // Transformers 5 writes the second name.
    num_experts: reader.count(reader.has('num_local_experts') ? 'num_local_experts' : 'num_experts', 128),
    intermediate_size: reader.count('moe_intermediate_size', 768),
  };
  return { ...traits, feedForward: sparseLayers(reader, traits, size) };
}
