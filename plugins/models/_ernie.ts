import { decoderTraits, type ConfigReader, type DecoderTraits, type TraitDefaults } from 'swift-ts/nn';

/** What the dense and the mixed ERNIE 4.5 share: neighbouring dimensions turn together. */
export function ernieTraits(reader: ConfigReader, defaults: TraitDefaults = {}): DecoderTraits {
  const bias = reader.flag('use_bias');
  return {
    ...decoderTraits(reader, {
      ...defaults,
      max_position_embeddings: 131_072,
      norm_eps: 1e-5,
      rope_theta: 500_000,
      tie_word_embeddings: true,
    }),
    bias: { qkv: bias, o: bias, mlp: bias },
    rope_interleaved: true,
  };
}
