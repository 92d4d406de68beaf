import {
  DecoderLoader,
  decoderTraits,
  GatedDeltaNet,
  HeadRmsNorm,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { sparseLayers } from './_mixture.js';

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
    reader.only('hidden_act', 'silu');
    const qwen = decoderTraits(reader, {
      head_dim: 256,
      num_key_value_heads: 2,
      partial_rotary_factor: 0.25,
    });
    const { hidden_size, head_dim, norm_eps } = qwen;
    const traits = { ...qwen, names: { shared_experts: 'shared_expert' } };
    const deltaNet = {
      hidden_size,
      norm_eps,
      num_key_heads: reader.count('linear_num_key_heads', 16),
      num_value_heads: reader.count('linear_num_value_heads', 32),
      key_head_dim: reader.count('linear_key_head_dim', 128),
      value_head_dim: reader.count('linear_value_head_dim', 128),
      conv_kernel: reader.count('linear_conv_kernel_dim', 4),
    };
    const hasAttention = attentionLayers(reader);
    const experts = {
      num_experts: reader.count('num_experts', 512),
      intermediate_size: reader.count('moe_intermediate_size', 512),
      shared: reader.count('shared_expert_intermediate_size', 512),
      shared_gate: true,
    };
    return {
      ...traits,
      norm: 'rms-offset',
      qk_norm: () => new HeadRmsNorm(head_dim, norm_eps, 1),
      output_gate: true,
      mixer: (layer) => (hasAttention(layer) ? undefined : new GatedDeltaNet(deltaNet)),
      feedForward: sparseLayers(reader, traits, experts, true),
    };
  }
}

function attentionLayers(reader: ConfigReader): (layer: number) => boolean {
  const words = ['full_attention', 'linear_attention'];
  const kinds = reader.layerWords('layer_types', words, reader.count('num_hidden_layers'));
  const step = reader.count('full_attention_interval', 4);
  return (layer) => (kinds ? kinds[layer] === 'full_attention' : (layer + 1) % step === 0);
}
