import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** Cohere's fields are Llama's but for one. */
export const COHERE_FIELDS = { rms_norm_eps: 'layer_norm_eps' };

/** What Cohere's generations share. */
export function cohereTraits(reader: ConfigReader, rope_theta: number): DecoderTraits {
  const traits = decoderTraits(reader, {
    max_position_embeddings: 8192,
    norm_eps: 1e-5,
    rope_theta,
    tie_word_embeddings: true,
  });
  return {
    ...traits,
    norm: 'layer-no-bias',
    placement: 'parallel',
    rope_interleaved: true,
    logits: { scale: reader.number('logit_scale', 0.0625) },
  };
}
