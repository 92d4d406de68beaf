/** Mixtures of experts behind some dense layers, as DeepSeek's families and their kin store and state them. */
import { type GgufFacts, notRead } from 'swift-ts/gguf';

export const SHARED_EXPERTS = {
  ffn_gate_inp: 'mlp.gate',
  ffn_gate_exps: 'mlp.experts.{e}.gate_proj',
  ffn_up_exps: 'mlp.experts.{e}.up_proj',
  ffn_down_exps: 'mlp.experts.{e}.down_proj',
  ffn_gate_shexp: 'mlp.shared_experts.gate_proj',
  ffn_up_shexp: 'mlp.shared_experts.up_proj',
  ffn_down_shexp: 'mlp.shared_experts.down_proj',
} as const;

/** The router's choice is corrected by a bias for each expert. */
export const CORRECTED_EXPERTS = {
  ...SHARED_EXPERTS,
  'exp_probs_b.bias': 'mlp.gate.e_score_correction_bias',
} as const;

/** Parts of the layers that predict tokens further ahead, which nothing here uses. */
export const NEXT_TOKENS = {
  'nextn.eh_proj': 'eh_proj',
  'nextn.embed_tokens': 'embed_tokens',
  'nextn.enorm': 'enorm',
  'nextn.hnorm': 'hnorm',
  'nextn.shared_head_head': 'shared_head.head',
  'nextn.shared_head_norm': 'shared_head.norm',
} as const;

/** How the router's numbers become weights, as llama.cpp numbers it. */
const GATING = { softmax: 1, sigmoid: 2 } as const;

/** A file may say how its experts are chosen, but not otherwise than its family does. @throws SwiftError */
export function checkGating(facts: GgufFacts, gating: keyof typeof GATING): void {
  const stated = facts.number('expert_gating_func', GATING[gating]);
  if (stated !== GATING[gating])
    throw notRead(
      facts,
      `has experts that are chosen in a way (${stated}) that '${facts.name}' is not read with`,
    );
}

export function sharedConfig(facts: GgufFacts, gating: keyof typeof GATING): Record<string, unknown> {
  checkGating(facts, gating);
  return {
    n_routed_experts: facts.number('expert_count'),
    num_experts_per_tok: facts.number('expert_used_count'),
    moe_intermediate_size: facts.number('expert_feed_forward_length'),
    n_shared_experts: facts.number('expert_shared_count', 0),
    first_k_dense_replace: facts.number('leading_dense_block_count', 0),
    norm_topk_prob: facts.flag('expert_weights_norm'),
    routed_scaling_factor: facts.number('expert_weights_scale', 1),
    n_group: facts.number('expert_group_count', 1),
    topk_group: facts.number('expert_group_used_count', 1),
    num_nextn_predict_layers: facts.number('nextn_predict_layers', 0),
  };
}
