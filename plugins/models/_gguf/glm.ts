/** ChatGLM in its own format, GLM in Transformers'. */
import {
  ATTENTION,
  commonConfig,
  FEED_FORWARD,
  type GgufArchitecture,
  type GgufEntries,
  type GgufFacts,
  hasBias,
  HEAD_NORMS,
  llamaConfig,
  OUTER,
} from 'swift-ts/gguf';
import { CORRECTED_EXPERTS, NEXT_TOKENS, sharedConfig } from './experts.js';

const FUSED = {
  ffn_norm: FEED_FORWARD.ffn_norm,
  ffn_up: 'mlp.gate_up_proj',
  ffn_down: FEED_FORWARD.ffn_down,
} as const;

/** GLM-4 of 2024 and GLM-Edge as Transformers has them, with projections of their own. */
const GLM: GgufArchitecture = {
  architecture: 'GlmForCausalLM',
  model_type: 'glm',
  config: (facts) => ({
    ...llamaConfig(facts),
    attention_bias: hasBias(facts, 'attn_q'),
  }),
  outer: OUTER,
  layer: { ...ATTENTION, ...FUSED },
};

/** ChatGLM3 and GLM-4; a file of ChatGLM2 says the same but for how longer positions are reached. */
const CHATGLM: GgufArchitecture = {
  architecture: 'ChatGLMModel',
  model_type: 'chatglm',
  config: chatglmConfig,
  outer: {
    token_embd: 'transformer.embedding.word_embeddings',
    output_norm: 'transformer.encoder.final_layernorm',
    output: 'transformer.output_layer',
  },
  layers: 'transformer.encoder.layers',
  layer: {
    attn_norm: 'input_layernorm',
    attn_qkv: 'self_attention.query_key_value',
    attn_output: 'self_attention.dense',
    ffn_norm: 'post_attention_layernorm',
    ffn_up: 'mlp.dense_h_to_4h',
    ffn_down: 'mlp.dense_4h_to_h',
  },
};

function chatglmConfig(facts: GgufFacts): Record<string, unknown> {
  const { hidden_size, num_attention_heads, num_key_value_heads, vocab_size, ...rest } = commonConfig(facts);
  const groups = num_key_value_heads as number;
  const [rows] = facts.shape('blk.0.attn_qkv.weight');
  return {
    hidden_size,
    num_attention_heads,
    padded_vocab_size: vocab_size,
    num_layers: facts.layers,
    multi_query_group_num: groups,
    kv_channels: rows / ((num_attention_heads as number) + 2 * groups),
    ffn_hidden_size: facts.number('feed_forward_length'),
    seq_length: facts.number('context_length'),
    layernorm_epsilon: facts.number('attention.layer_norm_rms_epsilon'),
    rope_ratio: facts.number('rope.freq_base', 10_000) / 10_000,
    tie_word_embeddings: false,
    add_qkv_bias: hasBias(facts, 'attn_qkv'),
    add_bias_linear: hasBias(facts, 'attn_output'),
    multi_query_attention: true,
    bos_token_id: rest.bos_token_id,
    eos_token_id: rest.eos_token_id,
  };
}

export const GLMS: GgufEntries = {
  chatglm: (facts) => (facts.has('blk.0.attn_qkv.weight') ? CHATGLM : GLM),
  glm4: {
    ...GLM,
    architecture: 'Glm4ForCausalLM',
    model_type: 'glm4',
    layer: {
      ...ATTENTION,
      ...FUSED,
      post_attention_norm: 'post_self_attn_layernorm',
      post_ffw_norm: 'post_mlp_layernorm',
    },
  },
  glm4moe: {
    architecture: 'Glm4MoeForCausalLM',
    model_type: 'glm4_moe',
    config: (facts) => ({
      ...llamaConfig(facts),
      ...sharedConfig(facts, 'sigmoid'),
      attention_bias: hasBias(facts, 'attn_q'),
      use_qk_norm: facts.has('blk.0.attn_q_norm.weight'),
    }),
    outer: OUTER,
    layer: {
      ...ATTENTION,
      ...HEAD_NORMS,
      ...FEED_FORWARD,
      ...CORRECTED_EXPERTS,
      ...NEXT_TOKENS,
      post_attention_norm: 'post_attention_layernorm',
    },
  },
};
