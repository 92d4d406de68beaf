import { decoderTraits, HeadRmsNorm, ropeFields, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** What the dense and the mixed Hunyuan share. */
export function hunyuanTraits(reader: ConfigReader): DecoderTraits {
  const traits = decoderTraits(reader, { norm_eps: 1e-5 });
  return {
    ...traits,
    ...stretched(reader, traits),
    qk_norm: () => new HeadRmsNorm(traits.head_dim, traits.norm_eps),
    qk_norm_after_rope: true,
    names: { q_norm: 'query_layernorm', k_norm: 'key_layernorm' },
  };
}

/** A scaling called dynamic with an `alpha` is the same at every length. */
function stretched(
  reader: ConfigReader,
  { head_dim, rope_theta }: DecoderTraits,
): Pick<DecoderTraits, 'rope_theta' | 'rope_scaling'> | undefined {
  const rope = ropeFields(reader);
  // An alpha of 0 is none to Transformers too.
  if (!rope.flag('alpha')) return undefined;
  const theta = rope_theta * rope.number('alpha') ** (head_dim / (head_dim - 2));
  return { rope_theta: theta, rope_scaling: undefined };
}
