/** Latent attention, as DeepSeek-V2 and its kin store it. */
import { type GgufFacts, LATENT } from 'swift-ts/gguf';

export const LATENT_ATTENTION = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_q_a: 'self_attn.q_a_proj',
  attn_q_a_norm: 'self_attn.q_a_layernorm',
  attn_q_b: 'self_attn.q_b_proj',
  attn_kv_a_mqa: 'self_attn.kv_a_proj_with_mqa',
  attn_kv_a_norm: 'self_attn.kv_a_layernorm',
  // Files from before llama.cpp kept keys and values latent have one matrix, as Hugging Face has.
  attn_kv_b: 'self_attn.kv_b_proj',
  attn_k_b: { to: 'self_attn.kv_b_proj', undo: LATENT, with: ['attn_v_b'] },
  attn_output: 'self_attn.o_proj',
} as const;

export function latentConfig(facts: GgufFacts): Record<string, unknown> {
  const heads = facts.number('attention.head_count');
  const turned = facts.number('rope.dimension_count');
  const key = facts.optional('attention.key_length_mla') ?? facts.number('attention.key_length');
  return {
    // Every head has keys of its own once they are made from what is kept.
    num_key_value_heads: heads,
    head_dim: undefined,
    partial_rotary_factor: undefined,
    q_lora_rank: facts.optional('attention.q_lora_rank') ?? null,
    kv_lora_rank: facts.number('attention.kv_lora_rank'),
    qk_rope_head_dim: turned,
    qk_nope_head_dim: key - turned,
    v_head_dim: facts.shape('blk.0.attn_output.weight')[1] / heads,
  };
}
