/** Gemma, 1 to 3: norms are stored with the 1 that they add. */
import {
  ATTENTION,
  type Changed,
  FEED_FORWARD,
  type GgufEntries,
  type GgufFacts,
  llamaConfig,
  MINUS_ONE,
  OUTER,
} from 'swift-ts/gguf';

const norm = (to: string): Changed => ({ to, undo: MINUS_ONE });

const outer = { ...OUTER, output_norm: norm('model.norm') };

const SANDWICHED = {
  ...ATTENTION,
  ...FEED_FORWARD,
  attn_norm: norm('input_layernorm'),
  post_attention_norm: norm('post_attention_layernorm'),
  ffn_norm: norm('pre_feedforward_layernorm'),
  post_ffw_norm: norm('post_feedforward_layernorm'),
};

function gemmaConfig(facts: GgufFacts): Record<string, unknown> {
  return { ...llamaConfig(facts), hidden_act: 'gelu_pytorch_tanh' };
}

/** @param wide the number of layers of the size whose scores are scaled by the width of a head in the residual stream */
function sandwichedConfig(facts: GgufFacts, wide: number): Record<string, unknown> {
  const config = gemmaConfig(facts);
  return {
    ...config,
    hidden_activation: 'gelu_pytorch_tanh',
    // No key says it: llama.cpp knows the 27B models by their layers.
    query_pre_attn_scalar:
      facts.layers === wide
        ? (config.hidden_size as number) / (config.num_attention_heads as number)
        : config.head_dim,
    sliding_window: facts.number('attention.sliding_window', 4096),
  };
}

export const GEMMAS: GgufEntries = {
  gemma: {
    architecture: 'GemmaForCausalLM',
    model_type: 'gemma',
    config: gemmaConfig,
    outer,
    layer: {
      ...ATTENTION,
      ...FEED_FORWARD,
      attn_norm: norm('input_layernorm'),
      ffn_norm: norm('post_attention_layernorm'),
    },
  },
  gemma2: {
    architecture: 'Gemma2ForCausalLM',
    model_type: 'gemma2',
    config: (facts) => ({
      ...sandwichedConfig(facts, 46),
      attn_logit_softcapping: facts.number('attn_logit_softcapping', 50),
      final_logit_softcapping: facts.number('final_logit_softcapping', 30),
    }),
    outer,
    layer: SANDWICHED,
  },
  gemma3: {
    architecture: 'Gemma3ForCausalLM',
    model_type: 'gemma3_text',
    config: (facts) => ({
      ...sandwichedConfig(facts, 62),
      rope_theta: facts.number('rope.freq_base', 1_000_000),
      rope_local_base_freq: facts.number('rope.freq_base_swa', 10_000),
      final_logit_softcapping: facts.optional('final_logit_softcapping') ?? null,
      sliding_window_pattern: 6,
    }),
    outer,
    layer: {
      ...SANDWICHED,
      attn_q_norm: norm('self_attn.q_norm'),
      attn_k_norm: norm('self_attn.k_norm'),
    },
  },
};
