import type { ConfigReader, Decoder, DecoderTraits } from 'swift-ts/nn';
import { model } from 'swift-ts/plugin';
import { sparseLayers } from './_mixture.js';
import { NAMES } from './_qwen-vl.js';
import { deltaNetTraits, mixtureParts } from './_qwen3-next.js';
import { Qwen3VlLoader, qwen3VlModel } from './_qwen3-vl.js';
import { StackedExperts } from './_stacked.js';

/** Qwen3.5 with mixtures of experts in all layers. */
@model({
  family: 'qwen3_5_moe',
  summary: 'Qwen3.5, 3.6, 3.8 with mixtures of experts, stored in stacks',
  architectures: ['Qwen3_5MoeForConditionalGeneration'],
  model_types: ['qwen3_5_moe'],
  media: ['image', 'video'],
  template: 'qwen3_5',
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen3.5-35b-a3b-base': { hf: 'Qwen/Qwen3.5-35B-A3B-Base', ms: 'Qwen/Qwen3.5-35B-A3B-Base', size: '35B' },
    'qwen3.5-35b-a3b': { hf: 'Qwen/Qwen3.5-35B-A3B', ms: 'Qwen/Qwen3.5-35B-A3B', size: '35B' },
    'qwen3.5-122b-a10b': { hf: 'Qwen/Qwen3.5-122B-A10B', ms: 'Qwen/Qwen3.5-122B-A10B', size: '122B' },
    'qwen3.5-397b-a17b': { hf: 'Qwen/Qwen3.5-397B-A17B', ms: 'Qwen/Qwen3.5-397B-A17B', size: '397B' },
    'qwen3.5-35b-a3b-fp8': {
      hf: 'Qwen/Qwen3.5-35B-A3B-FP8',
      ms: 'Qwen/Qwen3.5-35B-A3B-FP8',
      size: '35B',
      codec: 'fp8',
    },
    'qwen3.5-122b-a10b-fp8': {
      hf: 'Qwen/Qwen3.5-122B-A10B-FP8',
      ms: 'Qwen/Qwen3.5-122B-A10B-FP8',
      size: '122B',
      codec: 'fp8',
    },
    'qwen3.5-397b-a17b-fp8': {
      hf: 'Qwen/Qwen3.5-397B-A17B-FP8',
      ms: 'Qwen/Qwen3.5-397B-A17B-FP8',
      size: '397B',
      codec: 'fp8',
    },
    'qwen3.6-35b-a3b': { hf: 'Qwen/Qwen3.6-35B-A3B', ms: 'Qwen/Qwen3.6-35B-A3B', size: '35B' },
    'qwen3.6-35b-a3b-fp8': {
      hf: 'Qwen/Qwen3.6-35B-A3B-FP8',
      ms: 'Qwen/Qwen3.6-35B-A3B-FP8',
      size: '35B',
      codec: 'fp8',
    },
    'qwen3.8-2.4t-a95b': { hf: 'Qwen/Qwen3.8-2.4T-A95B', ms: 'Qwen/Qwen3.8-2.4T-A95B', template: 'qwen3_8' },
    'qwen3.8-2.4t-a95b-fp8': {
      hf: 'Qwen/Qwen3.8-2.4T-A95B-FP8',
      ms: 'Qwen/Qwen3.8-2.4T-A95B-FP8',
      template: 'qwen3_8',
      codec: 'fp8',
    },
  },
})
export class Qwen3_5Moe extends Qwen3VlLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    for (const field of ['attn_output_gate', 'norm_topk_prob']) reader.only(field, true);
    const parts = mixtureParts(reader, 256);
    const { num_experts, intermediate_size } = parts;
    const traits = {
      ...deltaNetTraits(reader, 'split', {
        num_key_value_heads: 2,
        max_position_embeddings: 32_768,
        intermediate_size,
      }),
      names: { ...NAMES, shared_experts: 'shared_expert' },
    };
    const { hidden_size, activation } = traits;
    const size = { num_experts, hidden_size, intermediate_size, activation: activation! };
    // Quantized files keep experts apart.
    const experts = reader.has('quantization_config') ? undefined : () => new StackedExperts(size);
    return { ...traits, feedForward: sparseLayers(reader, traits, { ...parts, experts }, true) };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return qwen3VlModel(text, reader, []);
  }
}
