import type { ConfigReader, DecoderTraits } from 'swift-ts/nn';
import { model } from 'swift-ts/plugin';
import { Qwen3VlLoader, qwen3VlTraits } from './_qwen3-vl.js';
import { sparseLayers } from './_mixture.js';
import { StackedExperts } from './_stacked.js';

/** Qwen3-VL with mixtures of experts. */
@model({
  family: 'qwen3_vl_moe',
  summary: 'Qwen3-VL with mixtures of experts, stored in stacks',
  architectures: ['Qwen3VLMoeForConditionalGeneration'],
  model_types: ['qwen3_vl_moe'],
  media: ['image', 'video'],
  template: 'qwen3_vl',
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen3-vl-30b-a3b-instruct': {
      hf: 'Qwen/Qwen3-VL-30B-A3B-Instruct',
      ms: 'Qwen/Qwen3-VL-30B-A3B-Instruct',
      size: '30B',
    },
    'qwen3-vl-30b-a3b-thinking': {
      hf: 'Qwen/Qwen3-VL-30B-A3B-Thinking',
      ms: 'Qwen/Qwen3-VL-30B-A3B-Thinking',
      size: '30B',
    },
    'qwen3-vl-30b-a3b-instruct-fp8': {
      hf: 'Qwen/Qwen3-VL-30B-A3B-Instruct-FP8',
      ms: 'Qwen/Qwen3-VL-30B-A3B-Instruct-FP8',
      size: '30B',
      codec: 'fp8',
    },
    'qwen3-vl-30b-a3b-thinking-fp8': {
      hf: 'Qwen/Qwen3-VL-30B-A3B-Thinking-FP8',
      ms: 'Qwen/Qwen3-VL-30B-A3B-Thinking-FP8',
      size: '30B',
      codec: 'fp8',
    },
    'qwen3-vl-235b-a22b-instruct': {
      hf: 'Qwen/Qwen3-VL-235B-A22B-Instruct',
      ms: 'Qwen/Qwen3-VL-235B-A22B-Instruct',
      size: '235B',
    },
    'qwen3-vl-235b-a22b-thinking': {
      hf: 'Qwen/Qwen3-VL-235B-A22B-Thinking',
      ms: 'Qwen/Qwen3-VL-235B-A22B-Thinking',
      size: '235B',
    },
    'qwen3-vl-235b-a22b-instruct-fp8': {
      hf: 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8',
      ms: 'Qwen/Qwen3-VL-235B-A22B-Instruct-FP8',
      size: '235B',
      codec: 'fp8',
    },
    'qwen3-vl-235b-a22b-thinking-fp8': {
      hf: 'Qwen/Qwen3-VL-235B-A22B-Thinking-FP8',
      ms: 'Qwen/Qwen3-VL-235B-A22B-Thinking-FP8',
      size: '235B',
      codec: 'fp8',
    },
  },
})
export class Qwen3VlMoe extends Qwen3VlLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = qwen3VlTraits(reader, {});
    const num_experts = reader.count(
      reader.has('num_local_experts') ? 'num_local_experts' : 'num_experts',
      60,
    );
    const size = {
      num_experts,
      hidden_size: traits.hidden_size,
      intermediate_size: reader.count('moe_intermediate_size', 1408),
      activation: traits.activation!,
      transposed: true,
    };
    reader.only('norm_topk_prob', true);
    const parts = { ...size, experts: () => new StackedExperts(size) };
    return { ...traits, feedForward: sparseLayers(reader, traits, parts, true) };
  }
}
