/** ERNIE 4.5 of Baidu, dense and with experts. */
import {
  ATTENTION,
  FEED_FORWARD,
  type GgufEntries,
  type GgufFacts,
  hasBias,
  llamaConfig,
  OUTER,
} from 'swift-ts/gguf';
import { SHARED_EXPERTS } from './experts.js';

function ernieConfig(facts: GgufFacts): Record<string, unknown> {
  return { ...llamaConfig(facts), use_bias: hasBias(facts, 'attn_q') };
}

export const ERNIES: GgufEntries = {
  ernie4_5: {
    architecture: 'Ernie4_5_ForCausalLM',
    model_type: 'ernie4_5',
    config: ernieConfig,
    outer: OUTER,
    layer: { ...ATTENTION, ...FEED_FORWARD },
  },
  'ernie4_5-moe': {
    architecture: 'Ernie4_5_MoeForCausalLM',
    model_type: 'ernie4_5_moe',
    config: (facts) => {
      const layers = Array.from({ length: facts.layers }, (_, i) => i);
      return {
        ...ernieConfig(facts),
        moe_num_experts: facts.number('expert_count'),
        moe_k: facts.number('expert_used_count'),
        moe_intermediate_size: facts.number('expert_feed_forward_length'),
        moe_num_shared_experts: facts.number('expert_shared_count', 0),
        moe_layer_interval: facts.number('interleave_moe_layer_step', 1),
        moe_layer_start_index: facts.number('leading_dense_block_count', 1),
        moe_layer_end_index: layers.findLast((layer) => facts.has(`blk.${layer}.ffn_gate_inp.weight`)),
      };
    },
    outer: OUTER,
    layer: {
      ...ATTENTION,
      ...FEED_FORWARD,
      ...SHARED_EXPERTS,
      'exp_probs_b.bias': 'mlp.moe_statics.e_score_correction_bias',
    },
  },
};
