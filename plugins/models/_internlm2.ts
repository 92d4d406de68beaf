import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

const NAMES = {
  lm_head: 'output',
  embed_tokens: 'tok_embeddings',
  input_layernorm: 'attention_norm',
  self_attn: 'attention',
  qkv_proj: 'wqkv',
  o_proj: 'wo',
  post_attention_layernorm: 'ffn_norm',
  mlp: 'feed_forward',
  gate_proj: 'w1',
  up_proj: 'w3',
  down_proj: 'w2',
};

/** InternLM2: queries, keys and values of a group in one matrix. */
export function internlm2Traits(reader: ConfigReader): DecoderTraits {
  const bias = reader.flag('bias', true);
  return {
    ...decoderTraits(reader),
    bias: { qkv: bias, o: bias, mlp: false },
    qkv: 'grouped',
    names: NAMES,
  };
}
