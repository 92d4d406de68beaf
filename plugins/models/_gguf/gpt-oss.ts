/** gpt-oss of OpenAI: gate and up lie apart in the file, and in turn in Hugging Face's tensors. */
import {
  ATTENTION,
  type GgufEntries,
  INTERLEAVED,
  INTERLEAVED_BIAS,
  llamaConfig,
  OUTER,
  TRANSPOSED,
} from 'swift-ts/gguf';

export const GPT_OSS: GgufEntries = {
  'gpt-oss': {
    architecture: 'GptOssForCausalLM',
    model_type: 'gpt_oss',
    config: (facts) => {
      const config = llamaConfig(facts);
      return {
        ...config,
        intermediate_size: facts.number('expert_feed_forward_length'),
        num_local_experts: facts.number('expert_count'),
        num_experts_per_tok: facts.number('expert_used_count'),
        sliding_window: facts.number('attention.sliding_window'),
        attention_bias: true,
        rope_scaling: config.rope_scaling && { ...config.rope_scaling, truncate: false },
      };
    },
    outer: OUTER,
    layer: {
      ...ATTENTION,
      'attn_sinks.weight': 'self_attn.sinks',
      post_attention_norm: 'post_attention_layernorm',
      ffn_gate_inp: 'mlp.router',
      'ffn_gate_exps.weight': {
        to: 'mlp.experts.gate_up_proj',
        undo: INTERLEAVED,
        with: ['ffn_up_exps.weight'],
      },
      'ffn_gate_exps.bias': {
        to: 'mlp.experts.gate_up_proj_bias',
        undo: INTERLEAVED_BIAS,
        with: ['ffn_up_exps.bias'],
      },
      'ffn_down_exps.weight': { to: 'mlp.experts.down_proj', undo: TRANSPOSED },
      'ffn_down_exps.bias': 'mlp.experts.down_proj_bias',
    },
  },
};
