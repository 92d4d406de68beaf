import type { ConfigReader, DecoderTraits } from 'swift-ts/nn';

/** MiniCPM scales the embedding, what each branch adds, and the hidden states before the head. */
export function scaledTraits(
  reader: ConfigReader,
  traits: DecoderTraits,
  defaults = { scale_emb: 1, scale_depth: 1, dim_model_base: 1 },
): DecoderTraits {
  const { hidden_size, num_hidden_layers } = traits;
  // Null leaves a branch, or the logits, as they are.
  const depth = reader.optionalNumber('scale_depth', defaults.scale_depth);
  const base = reader.optionalNumber('dim_model_base', defaults.dim_model_base);
  return {
    ...traits,
    embedding: { scale: reader.number('scale_emb', defaults.scale_emb) },
    residual_scale: depth === undefined ? 1 : depth / Math.sqrt(num_hidden_layers),
    logits: { scale: base === undefined ? 1 : base / hidden_size },
  };
}
