import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** What ChatGLM2 to GLM-4 call the fields of their configs. */
export const CHATGLM_FIELDS = {
  vocab_size: 'padded_vocab_size',
  num_hidden_layers: 'num_layers',
  num_key_value_heads: 'multi_query_group_num',
  head_dim: 'kv_channels',
  intermediate_size: 'ffn_hidden_size',
  max_position_embeddings: 'seq_length',
  rms_norm_eps: 'layernorm_epsilon',
};

/** Rotary tables that their checkpoints carry. */
export const CHATGLM_BUFFERS = [/\.rotary_pos_emb\.inv_freq$/];

const NAMES = {
  model: 'transformer',
  lm_head: 'transformer.output_layer',
  embed_tokens: 'embedding.word_embeddings',
  layers: 'encoder.layers',
  norm: 'encoder.final_layernorm',
  self_attn: 'self_attention',
  qkv_proj: 'query_key_value',
  o_proj: 'dense',
  gate_up_proj: 'dense_h_to_4h',
  down_proj: 'dense_4h_to_h',
};

/** Of ChatGLM3 and GLM-4: `rope_ratio` is a factor on theta. */
export function chatglm3Traits(reader: ConfigReader): DecoderTraits {
  const traits = chatglmTraits(reader);
  return { ...traits, rope_theta: traits.rope_theta * reader.number('rope_ratio', 1) };
}

/** What the generations share: half of each head turns, in neighbouring pairs. */
export function chatglmTraits(reader: ConfigReader): DecoderTraits {
  for (const field of ['multi_query_attention', 'original_rope', 'post_layer_norm', 'rmsnorm'])
    reader.only(field, true);
  reader.only('apply_residual_connection_post_layernorm', false);
  const traits = decoderTraits(reader, { norm_eps: 1e-5 });
  const bias = reader.flag('add_bias_linear');
  return {
    ...traits,
    bias: { qkv: bias || reader.flag('add_qkv_bias'), o: bias, mlp: bias },
    rotary_dims: traits.head_dim / 2,
    rope_interleaved: true,
    qkv: 'concat',
    mlp: 'fused',
    names: NAMES,
  };
}
