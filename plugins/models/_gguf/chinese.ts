/** Families with configs and names of their own: the first Qwen, Baichuan, Ling, Hunyuan, MiniMax. */
import {
  ATTENTION,
  BELOW_UNPERMUTED,
  commonConfig,
  FEED_FORWARD,
  type GgufEntries,
  type GgufFacts,
  hasBias,
  llamaConfig,
  OUTER,
} from 'swift-ts/gguf';
import { checkGating, NEXT_TOKENS, sharedConfig, SHARED_EXPERTS } from './experts.js';

const HUNYUAN_NORMS = {
  attn_q_norm: 'self_attn.query_layernorm',
  attn_k_norm: 'self_attn.key_layernorm',
} as const;

const BAILING = {
  attn_norm: 'input_layernorm',
  attn_output: 'attention.dense',
  ...FEED_FORWARD,
  ...SHARED_EXPERTS,
} as const;

/** Of Baichuan2, whose head is scaled; nothing else tells the two apart. */
const BAICHUAN2_TOKENS = 125_696;

/** What DeepSeek calls expert fields, and Ling by other names. */
function bailingConfig(facts: GgufFacts, gating: 'softmax' | 'sigmoid'): Record<string, unknown> {
  const { n_routed_experts, n_shared_experts, ...shared } = sharedConfig(facts, gating);
  return {
    ...llamaConfig(facts),
    ...shared,
    num_experts: n_routed_experts,
    num_shared_experts: n_shared_experts,
  };
}

export const CHINESE: GgufEntries = {
  qwen: {
    architecture: 'QWenLMHeadModel',
    model_type: 'qwen',
    config: (facts) => {
      const { head_dim, rope_theta, max_position_embeddings, ...common } = commonConfig(facts);
      return {
        ...common,
        intermediate_size: facts.number('feed_forward_length'),
        kv_channels: head_dim,
        rotary_emb_base: rope_theta,
        seq_length: max_position_embeddings,
        layer_norm_epsilon: facts.number('attention.layer_norm_epsilon'),
        no_bias: true,
      };
    },
    outer: { token_embd: 'transformer.wte', output_norm: 'transformer.ln_f', output: 'lm_head' },
    layers: 'transformer.h',
    layer: {
      attn_norm: 'ln_1',
      attn_qkv: 'attn.c_attn',
      attn_output: 'attn.c_proj',
      ffn_norm: 'ln_2',
      ffn_gate: 'mlp.w2',
      ffn_up: 'mlp.w1',
      ffn_down: 'mlp.c_proj',
    },
  },
  baichuan: (facts) => ({
    architecture:
      facts.shape('token_embd.weight')[0] === BAICHUAN2_TOKENS
        ? 'BaichuanForCausalLM'
        : 'BaiChuanForCausalLM',
    model_type: 'baichuan',
    config: llamaConfig,
    outer: OUTER,
    layer: {
      attn_norm: ATTENTION.attn_norm,
      attn_q: { to: 'self_attn.W_pack', undo: BELOW_UNPERMUTED, with: ['attn_k', 'attn_v'] },
      attn_output: ATTENTION.attn_output,
      ...FEED_FORWARD,
    },
  }),
  bailingmoe: {
    architecture: 'BailingMoeForCausalLM',
    model_type: 'bailing_moe',
    // The file has the head as it is used.
    config: (facts) => ({ ...bailingConfig(facts, 'softmax'), norm_head: false }),
    outer: { ...OUTER, token_embd: 'model.word_embeddings' },
    layer: {
      ...BAILING,
      attn_q: { to: 'attention.query_key_value', undo: BELOW_UNPERMUTED, with: ['attn_k', 'attn_v'] },
    },
  },
  bailingmoe2: {
    architecture: 'BailingMoeV2ForCausalLM',
    model_type: 'bailing_moe_v2',
    config: (facts) => ({
      ...bailingConfig(facts, 'sigmoid'),
      use_qkv_bias: hasBias(facts, 'attn_qkv'),
      use_qk_norm: facts.has('blk.0.attn_q_norm.weight'),
    }),
    outer: { ...OUTER, token_embd: 'model.word_embeddings' },
    layer: {
      ...BAILING,
      ...NEXT_TOKENS,
      attn_qkv: 'attention.query_key_value',
      attn_q_norm: 'attention.query_layernorm',
      attn_k_norm: 'attention.key_layernorm',
      'exp_probs_b.bias': 'mlp.gate.expert_bias',
    },
  },
  'hunyuan-dense': {
    architecture: 'HunYuanDenseV1ForCausalLM',
    model_type: 'hunyuan_v1_dense',
    // The theta of a file is the one that alpha led to.
    config: (facts) => ({ ...llamaConfig(facts), attention_bias: hasBias(facts, 'attn_q') }),
    outer: OUTER,
    layer: { ...ATTENTION, ...HUNYUAN_NORMS, ...FEED_FORWARD },
  },
  'hunyuan-moe': {
    architecture: 'HunYuanMoEV1ForCausalLM',
    model_type: 'hunyuan_v1_moe',
    config: (facts) => ({
      ...llamaConfig(facts),
      intermediate_size: facts.number('expert_feed_forward_length'),
      num_experts: facts.number('expert_count'),
      moe_topk: facts.number('expert_used_count'),
    }),
    outer: OUTER,
    layer: {
      ...ATTENTION,
      ...HUNYUAN_NORMS,
      ...FEED_FORWARD,
      ...SHARED_EXPERTS,
      ffn_gate_inp: 'mlp.gate.wg',
      ffn_gate_shexp: 'mlp.shared_mlp.gate_proj',
      ffn_up_shexp: 'mlp.shared_mlp.up_proj',
      ffn_down_shexp: 'mlp.shared_mlp.down_proj',
    },
  },
  'minimax-m2': {
    architecture: 'MiniMaxM2ForCausalLM',
    model_type: 'minimax_m2',
    config: (facts) => {
      checkGating(facts, 'sigmoid');
      return {
        ...llamaConfig(facts),
        intermediate_size: facts.number('expert_feed_forward_length'),
        rotary_dim: facts.number('rope.dimension_count'),
        num_local_experts: facts.number('expert_count'),
        num_experts_per_tok: facts.number('expert_used_count'),
      };
    },
    outer: OUTER,
    layer: {
      ...ATTENTION,
      attn_q_norm: 'self_attn.q_norm',
      attn_k_norm: 'self_attn.k_norm',
      ffn_norm: FEED_FORWARD.ffn_norm,
      ffn_gate_inp: 'block_sparse_moe.gate',
      'exp_probs_b.bias': 'block_sparse_moe.e_score_correction_bias',
      ffn_gate_exps: 'block_sparse_moe.experts.{e}.w1',
      ffn_down_exps: 'block_sparse_moe.experts.{e}.w2',
      ffn_up_exps: 'block_sparse_moe.experts.{e}.w3',
    },
  },
};
