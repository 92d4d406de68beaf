/** Command R and its successors, of Cohere. */
import {
  ATTENTION,
  commonConfig,
  FEED_FORWARD,
  type GgufEntries,
  type GgufFacts,
  HEAD_NORMS,
  OUTER,
} from 'swift-ts/gguf';

function cohereConfig(facts: GgufFacts): Record<string, unknown> {
  return {
    ...commonConfig(facts),
    intermediate_size: facts.number('feed_forward_length'),
    layer_norm_eps: facts.number('attention.layer_norm_epsilon'),
    logit_scale: facts.number('logit_scale'),
  };
}

export const COHERES: GgufEntries = {
  'command-r': {
    architecture: 'CohereForCausalLM',
    model_type: 'cohere',
    config: (facts) => ({ ...cohereConfig(facts), use_qk_norm: facts.has('blk.0.attn_q_norm.weight') }),
    outer: OUTER,
    layer: { ...ATTENTION, ...HEAD_NORMS, ...FEED_FORWARD },
  },
  cohere2: {
    architecture: 'Cohere2ForCausalLM',
    model_type: 'cohere2',
    config: (facts) => ({
      ...cohereConfig(facts),
      sliding_window: facts.number('attention.sliding_window'),
      // No key says it: llama.cpp has it fixed.
      sliding_window_pattern: 4,
    }),
    outer: OUTER,
    layer: { ...ATTENTION, ...FEED_FORWARD },
  },
};
