import { decoderTraits, type ConfigReader, type DecoderTraits, type TraitDefaults } from 'swift-ts/nn';

/** What Ling calls fields of DeepSeek's mixtures. */
export const EXPERT_FIELDS = { n_routed_experts: 'num_experts', n_shared_experts: 'num_shared_experts' };

/** What both generations of Ling share. */
export function bailingTraits(reader: ConfigReader, defaults: TraitDefaults = {}): DecoderTraits {
  const bias = reader.flag('use_bias');
  return {
    ...decoderTraits(reader, defaults),
    bias: { qkv: reader.flag('use_qkv_bias'), o: bias, mlp: bias },
    qkv: 'concat',
    names: {
      embed_tokens: 'word_embeddings',
      self_attn: 'attention',
      qkv_proj: 'query_key_value',
      o_proj: 'dense',
      q_norm: 'query_layernorm',
      k_norm: 'key_layernorm',
      e_score_correction_bias: 'expert_bias',
    },
  };
}
