/** OLMo of the Allen Institute, in its generations. */
import {
  ATTENTION,
  commonConfig,
  FEED_FORWARD,
  HEAD_NORMS,
  llamaConfig,
  OUTER,
  type GgufEntries,
} from '../gguf-architecture.js';
import { notRead, type GgufFacts } from '../gguf-facts.js';
import { SHARED_EXPERTS } from './experts.js';
import { PERMUTED_ATTENTION } from './llama.js';

/** No config names the first generation's epsilon, so that a file with another is of another model. */
function fixedEpsilon(facts: GgufFacts): Record<string, never> {
  const epsilon = facts.number('attention.layer_norm_epsilon', 1e-5);
  if (epsilon !== 1e-5) throw notRead(facts, `has a norm epsilon of ${epsilon}, where OLMo has 1e-5`);
  return {};
}

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
