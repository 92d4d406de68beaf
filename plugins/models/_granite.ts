import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** What Granite's families share: scaled embeddings, branches, scores and logits. */
export function graniteTraits(reader: ConfigReader): DecoderTraits {
  return {
    ...decoderTraits(reader),
    embedding: { scale: reader.number('embedding_multiplier', 1) },
    residual_scale: reader.number('residual_multiplier', 1),
    attention_scale: reader.number('attention_multiplier', 1),
    logits: { scale: 1 / reader.number('logits_scaling', 1) },
  };
}
