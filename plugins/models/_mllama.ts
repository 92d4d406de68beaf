import { decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** Llama whose every fifth layer looks at pictures; the embedding has rows behind the vocabulary, one for pictures' own token. */
export function mllamaTraits(reader: ConfigReader): DecoderTraits {
  return {
    ...decoderTraits(reader),
    crosses: reader.has('cross_attention_layers')
      ? reader.numbers('cross_attention_layers')
      : [3, 8, 13, 18, 23, 28, 33, 38],
    embedding: { extra_rows: 8 },
  };
}
