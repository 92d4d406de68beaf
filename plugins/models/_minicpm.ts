import type { ConfigReader, DecoderTraits } from 'swift-ts/nn';

/** MiniCPM scales the embedding, what each branch adds, and the hidden states before the head. */
export function scaledTraits(reader: ConfigReader, traits: DecoderTraits): DecoderTraits {
  const { hidden_size, num_hidden_layers } = traits;
  return {
    ...traits,
    embedding: { scale: reader.number('scale_emb', 1) },
    residual_scale: reader.number('scale_depth', 1) / Math.sqrt(num_hidden_layers),
    logits: { scale: reader.number('dim_model_base', 1) / hidden_size },
  };
}
