/** GPT-2 and what came of it: layer norms, biases, a feed-forward without a gate. */
import {
  ATTENTION,
  commonConfig,
  FEED_FORWARD,
  type GgufArchitecture,
  type GgufEntries,
  type GgufFacts,
  GROUPED,
  hasBias,
  OUTER,
  type Target,
  TRANSPOSED,
} from 'swift-ts/gguf';

/** Hugging Face has GPT-2's matrices as `[in, out]`. */
function transposed(parts: Readonly<Record<string, string>>): Record<string, Target> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([own, to]) => [
      [`${own}.weight`, { to: `${to}.weight`, undo: TRANSPOSED }],
      [own, to],
    ]),
  );
}

const OUTER_OF_BLOOM = {
  token_embd: 'transformer.word_embeddings',
  output_norm: 'transformer.ln_f',
  output: 'lm_head',
};

const LAYER_OF_BLOOM = {
  attn_norm: 'input_layernorm',
  attn_qkv: { to: 'self_attention.query_key_value', undo: GROUPED },
  attn_output: 'self_attention.dense',
  ffn_norm: 'post_attention_layernorm',
  ffn_up: 'mlp.dense_h_to_4h',
  ffn_down: 'mlp.dense_4h_to_h',
} as const;

const innerOf = (facts: GgufFacts): number => facts.shape('blk.0.ffn_up.weight')[0];
const epsilonOf = (facts: GgufFacts): number => facts.number('attention.layer_norm_epsilon');

const falcon = (facts: GgufFacts): GgufArchitecture => {
  const config = commonConfig(facts);
  const isNew = (config.num_key_value_heads as number) > 1;
  const twoNorms = facts.has('blk.0.attn_norm_2.weight');
  return {
    architecture: 'FalconForCausalLM',
    model_type: 'falcon',
    config: () => ({
      ...config,
      num_kv_heads: config.num_key_value_heads,
      ffn_hidden_size: innerOf(facts),
      layer_norm_epsilon: epsilonOf(facts),
      new_decoder_architecture: isNew,
      multi_query: true,
      parallel_attn: true,
      num_ln_in_parallel_attn: twoNorms ? 2 : 1,
      alibi: false,
      bias: hasBias(facts, 'attn_qkv'),
    }),
    outer: OUTER_OF_BLOOM,
    layers: 'transformer.h',
    layer: {
      ...LAYER_OF_BLOOM,
      attn_norm: twoNorms ? 'ln_mlp' : 'input_layernorm',
      attn_norm_2: 'ln_attn',
    },
  };
};

export const GPTS: GgufEntries = {
  gpt2: {
    architecture: 'GPT2LMHeadModel',
    model_type: 'gpt2',
    config: (facts) => {
      const config = commonConfig(facts);
      return {
        vocab_size: config.vocab_size,
        n_embd: config.hidden_size,
        n_layer: config.num_hidden_layers,
        n_head: config.num_attention_heads,
        n_positions: config.max_position_embeddings,
        n_inner: innerOf(facts),
        layer_norm_epsilon: epsilonOf(facts),
        activation_function: 'gelu_new',
        tie_word_embeddings: config.tie_word_embeddings,
        bos_token_id: config.bos_token_id,
        eos_token_id: config.eos_token_id,
      };
    },
    outer: {
      token_embd: 'transformer.wte',
      position_embd: 'transformer.wpe',
      output_norm: 'transformer.ln_f',
      output: 'lm_head',
    },
    layers: 'transformer.h',
    layer: {
      attn_norm: 'ln_1',
      ffn_norm: 'ln_2',
      ...transposed({
        attn_qkv: 'attn.c_attn',
        attn_output: 'attn.c_proj',
        ffn_up: 'mlp.c_fc',
        ffn_down: 'mlp.c_proj',
      }),
    },
  },
  gptneox: {
    architecture: 'GPTNeoXForCausalLM',
    model_type: 'gpt_neox',
    config: (facts) => ({
      ...commonConfig(facts),
      intermediate_size: innerOf(facts),
      layer_norm_eps: epsilonOf(facts),
      rotary_pct:
        facts.number('rope.dimension_count') /
        (facts.number('embedding_length') / facts.number('attention.head_count')),
      rotary_emb_base: facts.number('rope.freq_base', 10_000),
      use_parallel_residual: facts.flag('use_parallel_residual', true),
      hidden_act: 'gelu',
    }),
    outer: { token_embd: 'gpt_neox.embed_in', output_norm: 'gpt_neox.final_layer_norm', output: 'embed_out' },
    layers: 'gpt_neox.layers',
    layer: {
      attn_norm: 'input_layernorm',
      attn_qkv: { to: 'attention.query_key_value', undo: GROUPED },
      attn_output: 'attention.dense',
      ffn_norm: 'post_attention_layernorm',
      ffn_up: 'mlp.dense_h_to_4h',
      ffn_down: 'mlp.dense_4h_to_h',
    },
  },
  bloom: {
    architecture: 'BloomForCausalLM',
    model_type: 'bloom',
    config: (facts) => {
      const config = commonConfig(facts);
      return {
        vocab_size: config.vocab_size,
        hidden_size: config.hidden_size,
        n_layer: config.num_hidden_layers,
        n_head: config.num_attention_heads,
        seq_length: config.max_position_embeddings,
        layer_norm_epsilon: epsilonOf(facts),
        tie_word_embeddings: config.tie_word_embeddings,
        bos_token_id: config.bos_token_id,
        eos_token_id: config.eos_token_id,
      };
    },
    outer: { ...OUTER_OF_BLOOM, token_embd_norm: 'transformer.word_embeddings_layernorm' },
    layers: 'transformer.h',
    layer: LAYER_OF_BLOOM,
  },
  falcon,
  starcoder2: {
    architecture: 'Starcoder2ForCausalLM',
    model_type: 'starcoder2',
    config: (facts) => ({
      ...commonConfig(facts),
      intermediate_size: facts.number('feed_forward_length'),
      norm_epsilon: epsilonOf(facts),
      hidden_act: 'gelu_pytorch_tanh',
      use_bias: hasBias(facts, 'attn_q'),
    }),
    outer: OUTER,
    layer: { ...ATTENTION, ffn_norm: FEED_FORWARD.ffn_norm, ffn_up: 'mlp.c_fc', ffn_down: 'mlp.c_proj' },
  },
  stablelm: {
    architecture: 'StableLmForCausalLM',
    model_type: 'stablelm',
    config: (facts) => ({
      ...commonConfig(facts),
      intermediate_size: facts.number('feed_forward_length'),
      layer_norm_eps: epsilonOf(facts),
      use_parallel_residual: facts.flag('use_parallel_residual'),
      use_qkv_bias: hasBias(facts, 'attn_q'),
      qk_layernorm: facts.has('blk.0.attn_q_norm.weight'),
      hidden_act: 'silu',
    }),
    outer: OUTER,
    layer: {
      ...ATTENTION,
      ...FEED_FORWARD,
      attn_q_norm: 'self_attn.q_layernorm.norms.{e}',
      attn_k_norm: 'self_attn.k_layernorm.norms.{e}',
    },
  },
};
