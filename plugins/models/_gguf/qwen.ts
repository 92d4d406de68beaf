/** Qwen2 and Qwen3, dense and with experts. */
import {
  ATTENTION,
  FEED_FORWARD,
  type GgufEntries,
  type GgufFacts,
  hasBias,
  HEAD_NORMS,
  llamaConfig,
  OUTER,
} from 'swift-ts/gguf';

const EXPERTS = {
  ffn_norm: FEED_FORWARD.ffn_norm,
  ffn_gate_inp: 'mlp.gate',
  ffn_gate_exps: 'mlp.experts.{e}.gate_proj',
  ffn_up_exps: 'mlp.experts.{e}.up_proj',
  ffn_down_exps: 'mlp.experts.{e}.down_proj',
} as const;

/** @param normalize whether weights of the chosen experts add up to 1, which no key says */
function expertConfig(facts: GgufFacts, normalize: boolean): Record<string, unknown> {
  return {
    ...llamaConfig(facts),
    num_experts: facts.number('expert_count'),
    num_experts_per_tok: facts.number('expert_used_count'),
    moe_intermediate_size: facts.shape('blk.0.ffn_up_exps.weight')[1],
    norm_topk_prob: normalize,
    decoder_sparse_step: 1,
  };
}

export const QWENS: GgufEntries = {
  qwen2: {
    architecture: 'Qwen2ForCausalLM',
    model_type: 'qwen2',
    config: llamaConfig,
    outer: OUTER,
    layer: { ...ATTENTION, ...FEED_FORWARD },
  },
  qwen2moe: {
    architecture: 'Qwen2MoeForCausalLM',
    model_type: 'qwen2_moe',
    config: (facts) => ({
      ...expertConfig(facts, false),
      shared_expert_intermediate_size: facts.shape('blk.0.ffn_up_shexp.weight')[0],
    }),
    outer: OUTER,
    layer: {
      ...ATTENTION,
      ...EXPERTS,
      ffn_gate_inp_shexp: { to: 'mlp.shared_expert_gate', undo: { shape: ([own]) => [1, own.at(-1)!] } },
      ffn_gate_shexp: 'mlp.shared_expert.gate_proj',
      ffn_up_shexp: 'mlp.shared_expert.up_proj',
      ffn_down_shexp: 'mlp.shared_expert.down_proj',
    },
  },
  qwen3: {
    architecture: 'Qwen3ForCausalLM',
    model_type: 'qwen3',
    config: (facts) => ({ ...llamaConfig(facts), attention_bias: hasBias(facts, 'attn_q') }),
    outer: OUTER,
    layer: { ...ATTENTION, ...HEAD_NORMS, ...FEED_FORWARD },
  },
  qwen3moe: {
    architecture: 'Qwen3MoeForCausalLM',
    model_type: 'qwen3_moe',
    config: (facts) => expertConfig(facts, true),
    outer: OUTER,
    layer: { ...ATTENTION, ...HEAD_NORMS, ...EXPERTS },
  },
};
