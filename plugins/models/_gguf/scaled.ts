/** Families that scale embedding, branches and logits: Granite and MiniCPM. */
import { BELOW, FEED_FORWARD, type GgufEntries, type GgufFacts, llamaConfig, OUTER } from 'swift-ts/gguf';
import { LATENT_ATTENTION, latentConfig } from './latent.js';
import { PERMUTED_ATTENTION } from './llama.js';

function graniteConfig(facts: GgufFacts): Record<string, unknown> {
  return {
    ...llamaConfig(facts),
    embedding_multiplier: facts.number('embedding_scale', 1),
    residual_multiplier: facts.number('residual_scale', 1),
    attention_multiplier: facts.number('attention.scale', 1),
    logits_scaling: facts.number('logit_scale', 1),
  };
}

export const SCALED: GgufEntries = {
  granite: {
    architecture: 'GraniteForCausalLM',
    model_type: 'granite',
    config: graniteConfig,
    outer: OUTER,
    layer: { ...PERMUTED_ATTENTION, ...FEED_FORWARD },
  },
  granitemoe: (facts) => {
    const shared = facts.number('expert_shared_feed_forward_length', 0);
    return {
      architecture: shared > 0 ? 'GraniteMoeSharedForCausalLM' : 'GraniteMoeForCausalLM',
      model_type: shared > 0 ? 'granitemoeshared' : 'granitemoe',
      config: () => ({
        ...graniteConfig(facts),
        num_local_experts: facts.number('expert_count'),
        num_experts_per_tok: facts.number('expert_used_count'),
        shared_intermediate_size: shared,
      }),
      outer: OUTER,
      layer: {
        ...PERMUTED_ATTENTION,
        ffn_norm: FEED_FORWARD.ffn_norm,
        ffn_gate_inp: 'block_sparse_moe.router.layer',
        ffn_gate_exps: {
          to: 'block_sparse_moe.input_linear',
          undo: BELOW,
          with: ['ffn_up_exps'],
        },
        ffn_down_exps: 'block_sparse_moe.output_linear',
        ffn_gate_shexp: { to: 'shared_mlp.input_linear', undo: BELOW, with: ['ffn_up_shexp'] },
        ffn_down_shexp: 'shared_mlp.output_linear',
      },
    };
  },
  minicpm: {
    architecture: 'MiniCPMForCausalLM',
    model_type: 'minicpm',
    config: (facts) => ({
      ...llamaConfig(facts),
      scale_emb: facts.number('embedding_scale'),
      scale_depth: facts.number('residual_scale') * Math.sqrt(facts.layers),
      dim_model_base: facts.number('embedding_length') / facts.number('logit_scale'),
    }),
    outer: OUTER,
    layer: { ...PERMUTED_ATTENTION, ...FEED_FORWARD },
  },
  minicpm3: {
    architecture: 'MiniCPM3ForCausalLM',
    model_type: 'minicpm3',
    // No key says how MiniCPM3 scales: llama.cpp has the numbers of its one size.
    config: (facts) => ({
      ...llamaConfig(facts),
      ...latentConfig(facts),
      scale_emb: 12,
      scale_depth: 1.4,
      dim_model_base: 256,
    }),
    outer: OUTER,
    layer: { ...LATENT_ATTENTION, ...FEED_FORWARD },
  },
};
