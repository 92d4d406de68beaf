import {
  decoderTraits,
  ropeFields,
  windowEverywhere,
  type ConfigReader,
  type DecoderTraits,
  type LayerTraits,
} from 'swift-ts/nn';

/** Mistral: a window in the first versions. */
export function mistralTraits(reader: ConfigReader): DecoderTraits {
  return {
    ...decoderTraits(reader, { max_position_embeddings: 131_072 }),
    layer: windowEverywhere(reader, 4096),
  };
}

/** What a config of Ministral 3 that says nothing about rotary positions means. */
const YARN = {
  rope_type: 'yarn',
  rope_theta: 1_000_000,
  factor: 16,
  original_max_position_embeddings: 16_384,
  mscale: 1,
  mscale_all_dim: 1,
  llama_4_scaling_beta: 0.1,
};

/** Ministral 3: queries count the more the further out they stand. */
export function ministral3Traits(reader: ConfigReader): DecoderTraits {
  const stated = reader.has('rope_scaling') || reader.has('rope_parameters');
  const own = stated ? reader : reader.with({ rope_parameters: YARN });
  const rope = ropeFields(own);
  // Under the others, tokens bring rows of tables in place of positions.
  const kind = rope.has('rope_type') ? 'rope_type' : 'type';
  rope.choice(kind, ['yarn', 'llama3', 'linear', 'default'], 'default');
  const sharpening = {
    beta: rope.number('llama_4_scaling_beta'),
    span: rope.count('original_max_position_embeddings'),
  };
  const window = windowEverywhere(own);
  return {
    ...decoderTraits(own, {
      num_key_value_heads: 8,
      head_dim: 128,
      max_position_embeddings: 262_144,
      norm_eps: 1e-5,
    }),
    layer: (layer): LayerTraits => ({ ...window?.(layer), sharpening }),
  };
}
