import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { sparseLayers } from './_mixture.js';
import { deltaNetTraits, mixtureParts } from './_qwen3-next.js';

/** Qwen3-Next and Qwen3-Coder-Next: gated DeltaNet, every fourth layer with gated attention, experts. */
@model({
  family: 'qwen3_next',
  summary:
    'Qwen3-Next and Qwen3-Coder-Next: gated DeltaNet, every fourth layer with gated attention, experts',
  architectures: ['Qwen3NextForCausalLM'],
  model_types: ['qwen3_next'],
  template: 'qwen3_coder',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj', 'in_proj_qkvz', 'out_proj'],
  variants: {
    'qwen3-next-80b-a3b-instruct': {
      ms: 'Qwen/Qwen3-Next-80B-A3B-Instruct',
      template: 'qwen3_nothinking',
      size: '80B',
    },
    'qwen3-next-80b-a3b-instruct-fp8': {
      ms: 'Qwen/Qwen3-Next-80B-A3B-Instruct-FP8',
      template: 'qwen3_nothinking',
      size: '80B',
      codec: 'fp8',
    },
    'qwen3-next-80b-a3b-thinking': {
      ms: 'Qwen/Qwen3-Next-80B-A3B-Thinking',
      template: 'qwen3_thinking',
      size: '80B',
    },
    'qwen3-next-80b-a3b-thinking-fp8': {
      ms: 'Qwen/Qwen3-Next-80B-A3B-Thinking-FP8',
      template: 'qwen3_thinking',
      size: '80B',
      codec: 'fp8',
    },
    'qwen3-coder-next-base': { hf: 'Qwen/Qwen3-Coder-Next-Base', ms: 'Qwen/Qwen3-Coder-Next-Base' },
    'qwen3-coder-next': { hf: 'Qwen/Qwen3-Coder-Next', ms: 'Qwen/Qwen3-Coder-Next' },
    'qwen3-coder-next-fp8': {
      hf: 'Qwen/Qwen3-Coder-Next-FP8',
      ms: 'Qwen/Qwen3-Coder-Next-FP8',
      codec: 'fp8',
    },
  },
})
export class Qwen3Next extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const next = deltaNetTraits(reader, 'grouped', { num_key_value_heads: 2 });
    const traits = { ...next, names: { shared_experts: 'shared_expert' } };
    return { ...traits, feedForward: sparseLayers(reader, traits, mixtureParts(reader, 512), true) };
  }
}
