/** Llama, and families that differ from it in little: their q and k come with rows permuted. */
import {
  ATTENTION,
  commonConfig,
  FEED_FORWARD,
  type GgufArchitecture,
  type GgufEntries,
  type GgufFacts,
  GROUPED_APART,
  hasBias,
  llamaConfig,
  OUTER,
  UNPERMUTED_K,
  UNPERMUTED_Q,
} from 'swift-ts/gguf';

export const PERMUTED_ATTENTION = {
  ...ATTENTION,
  attn_q: { to: 'self_attn.q_proj', undo: UNPERMUTED_Q },
  attn_k: { to: 'self_attn.k_proj', undo: UNPERMUTED_K },
} as const;

const LLAMA: GgufArchitecture = {
  architecture: 'LlamaForCausalLM',
  model_type: 'llama',
  config: (facts) => ({
    ...llamaConfig(facts),
    attention_bias: hasBias(facts, 'attn_q'),
    mlp_bias: hasBias(facts, 'ffn_up'),
  }),
  outer: OUTER,
  layer: { ...PERMUTED_ATTENTION, ...FEED_FORWARD },
};

const MIXTRAL: GgufArchitecture = {
  architecture: 'MixtralForCausalLM',
  model_type: 'mixtral',
  config: (facts) => ({
    ...llamaConfig(facts),
    num_local_experts: facts.number('expert_count'),
    num_experts_per_tok: facts.number('expert_used_count'),
  }),
  outer: OUTER,
  layer: {
    ...PERMUTED_ATTENTION,
    ffn_norm: FEED_FORWARD.ffn_norm,
    ffn_gate_inp: 'block_sparse_moe.gate',
    ffn_gate_exps: 'block_sparse_moe.experts.{e}.w1',
    ffn_down_exps: 'block_sparse_moe.experts.{e}.w2',
    ffn_up_exps: 'block_sparse_moe.experts.{e}.w3',
  },
};

/** Llama has a bias in all four projections of attention or in none. */
const INTERNLM3: GgufArchitecture = {
  ...LLAMA,
  architecture: 'InternLM3ForCausalLM',
  model_type: 'internlm3',
  config: (facts) => ({ ...llamaConfig(facts), qkv_bias: true, bias: false }),
};

/** llama.cpp writes all three under one name. */
function llama(facts: GgufFacts): GgufArchitecture {
  if (facts.number('expert_count', 0) > 0) return MIXTRAL;
  return hasBias(facts, 'attn_q') && !hasBias(facts, 'attn_output') ? INTERNLM3 : LLAMA;
}

export const LLAMAS: GgufEntries = {
  llama,
  smollm3: { ...LLAMA, architecture: 'SmolLM3ForCausalLM', model_type: 'smollm3' },
  xverse: { ...LLAMA, architecture: 'XverseForCausalLM', model_type: 'xverse' },
  internlm2: {
    architecture: 'InternLM2ForCausalLM',
    model_type: 'internlm2',
    config: (facts) => ({ ...llamaConfig(facts), bias: hasBias(facts, 'attn_q') }),
    outer: { ...OUTER, token_embd: 'model.tok_embeddings', output: 'output' },
    layer: {
      attn_norm: 'attention_norm',
      attn_q: { to: 'attention.wqkv', undo: GROUPED_APART, with: ['attn_k', 'attn_v'] },
      attn_output: 'attention.wo',
      ffn_norm: 'ffn_norm',
      ffn_gate: 'feed_forward.w1',
      ffn_up: 'feed_forward.w3',
      ffn_down: 'feed_forward.w2',
    },
  },
  orion: {
    ...LLAMA,
    architecture: 'OrionForCausalLM',
    model_type: 'orion',
    config: (facts) => ({
      ...commonConfig(facts),
      intermediate_size: facts.number('feed_forward_length'),
      rms_norm_eps: facts.number('attention.layer_norm_epsilon'),
    }),
    layer: { ...ATTENTION, ...FEED_FORWARD },
  },
  seed_oss: {
    architecture: 'SeedOssForCausalLM',
    model_type: 'seed_oss',
    config: (facts) => ({
      ...llamaConfig(facts),
      attention_bias: hasBias(facts, 'attn_q'),
      attention_out_bias: hasBias(facts, 'attn_output'),
      mlp_bias: hasBias(facts, 'ffn_up'),
    }),
    outer: OUTER,
    layer: { ...ATTENTION, ...FEED_FORWARD, post_attention_norm: FEED_FORWARD.ffn_norm },
  },
};
