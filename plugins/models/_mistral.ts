import { decoderTraits, windowEverywhere, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** Mistral: a window in the first versions. */
export function mistralTraits(reader: ConfigReader): DecoderTraits {
  return {
    ...decoderTraits(reader, { max_position_embeddings: 131_072 }),
    layer: windowEverywhere(reader, 4096),
  };
}
