import { decoderTraits, windowEverywhere, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** Phi-3: fused projections, and a window where the config names one. */
export function phi3Traits(reader: ConfigReader): DecoderTraits {
  return {
    ...decoderTraits(reader, { norm_eps: 1e-5, max_position_embeddings: 4096 }),
    qkv: 'concat',
    mlp: 'fused',
    layer: windowEverywhere(reader),
  };
}
