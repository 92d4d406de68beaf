/** Phi-2, Phi-3 and Phi-3.5 with experts, of Microsoft. */
import {
  ATTENTION,
  commonConfig,
  FEED_FORWARD,
  type GgufEntries,
  type GgufFacts,
  llamaConfig,
  OUTER,
} from 'swift-ts/gguf';

/** 0 stands for none. */
function windowOf(facts: GgufFacts): number | null {
  return facts.number('attention.sliding_window', 0) || null;
}

export const PHIS: GgufEntries = {
  phi2: {
    architecture: 'PhiForCausalLM',
    model_type: 'phi',
    config: (facts) => ({
      ...commonConfig(facts),
      intermediate_size: facts.shape('blk.0.ffn_up.weight')[0],
      layer_norm_eps: facts.number('attention.layer_norm_epsilon'),
      hidden_act: 'gelu_new',
    }),
    outer: { ...OUTER, output_norm: 'model.final_layernorm' },
    layer: {
      ...ATTENTION,
      attn_output: 'self_attn.dense',
      ffn_up: 'mlp.fc1',
      ffn_down: 'mlp.fc2',
    },
  },
  phi3: {
    architecture: 'Phi3ForCausalLM',
    model_type: 'phi3',
    config: (facts) => ({
      ...llamaConfig(facts),
      original_max_position_embeddings: facts.optional('rope.scaling.original_context_length'),
      sliding_window: windowOf(facts),
    }),
    outer: OUTER,
    layer: {
      attn_norm: ATTENTION.attn_norm,
      attn_qkv: 'self_attn.qkv_proj',
      attn_output: ATTENTION.attn_output,
      ffn_norm: FEED_FORWARD.ffn_norm,
      ffn_up: 'mlp.gate_up_proj',
      ffn_down: FEED_FORWARD.ffn_down,
    },
  },
  phimoe: {
    architecture: 'PhiMoEForCausalLM',
    model_type: 'phimoe',
    config: (facts) => ({
      ...llamaConfig(facts),
      original_max_position_embeddings: facts.optional('rope.scaling.original_context_length'),
      sliding_window: windowOf(facts),
      attention_bias: facts.has('blk.0.attn_q.bias'),
      lm_head_bias: facts.has('output.bias'),
      num_local_experts: facts.number('expert_count'),
      num_experts_per_tok: facts.number('expert_used_count'),
    }),
    outer: OUTER,
    layer: {
      ...ATTENTION,
      ffn_norm: FEED_FORWARD.ffn_norm,
      ffn_gate_inp: 'block_sparse_moe.gate',
      ffn_gate_exps: 'block_sparse_moe.experts.{e}.w1',
      ffn_down_exps: 'block_sparse_moe.experts.{e}.w2',
      ffn_up_exps: 'block_sparse_moe.experts.{e}.w3',
    },
  },
};
