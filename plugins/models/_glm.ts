import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** What the generations of GLM in Transformers' layout share. */
export function glmTraits(reader: ConfigReader): DecoderTraits {
  const traits = decoderTraits(reader, {
    head_dim: 128,
    num_key_value_heads: 2,
    max_position_embeddings: 131_072,
    norm_eps: 1.5625e-7,
    partial_rotary_factor: 0.5,
  });
  return {
    ...traits,
    bias: { qkv: reader.flag('attention_bias', true), o: false, mlp: false },
    rope_interleaved: true,
    mlp: 'fused',
  };
}
