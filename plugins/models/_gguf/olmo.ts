/** OLMo of the Allen Institute, in its generations. */
import {
  ATTENTION,
  commonConfig,
  FEED_FORWARD,
  fixedEpsilon,
  type GgufEntries,
  HEAD_NORMS,
  llamaConfig,
  OUTER,
} from 'swift-ts/gguf';
import { SHARED_EXPERTS } from './experts.js';
import { PERMUTED_ATTENTION } from './llama.js';

export const OLMOS: GgufEntries = {
  olmo: {
    architecture: 'OlmoForCausalLM',
    model_type: 'olmo',
    config: (facts) => ({
      ...commonConfig(facts),
      ...fixedEpsilon(facts),
      intermediate_size: facts.number('feed_forward_length'),
      clip_qkv: facts.optional('attention.clamp_kqv'),
    }),
    outer: OUTER,
    layer: { ...PERMUTED_ATTENTION, ...FEED_FORWARD },
  },
  olmo2: {
    architecture: 'Olmo2ForCausalLM',
    model_type: 'olmo2',
    config: llamaConfig,
    outer: OUTER,
    layer: {
      ...ATTENTION,
      ...HEAD_NORMS,
      ...FEED_FORWARD,
      post_attention_norm: 'post_attention_layernorm',
      post_ffw_norm: 'post_feedforward_layernorm',
    },
  },
  olmoe: {
    architecture: 'OlmoeForCausalLM',
    model_type: 'olmoe',
    config: (facts) => ({
      ...llamaConfig(facts),
      num_experts: facts.number('expert_count'),
      num_experts_per_tok: facts.number('expert_used_count'),
      norm_topk_prob: false,
    }),
    outer: OUTER,
    layer: { ...ATTENTION, ...HEAD_NORMS, ...FEED_FORWARD, ...SHARED_EXPERTS },
  },
};
