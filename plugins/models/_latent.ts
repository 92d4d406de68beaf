import {
  decoderTraits,
  LatentAttention,
  ropeFields,
  yarnScale,
  type ConfigReader,
  type DecoderTraits,
  type TraitDefaults,
} from 'swift-ts/nn';

/** A decoder with latent attention in every layer. @param interleaved whether dimensions 2i and 2i + 1 turn together */
export function latentTraits(
  reader: ConfigReader,
  interleaved: boolean,
  defaults: TraitDefaults = {},
): DecoderTraits {
  const turned = reader.count('qk_rope_head_dim', 64);
  const nope = reader.count('qk_nope_head_dim', 128);
  const traits = decoderTraits(reader, { ...defaults, head_dim: nope + turned });
  const { hidden_size, num_attention_heads } = traits;
  return {
    ...traits,
    rotary_dims: turned,
    mixer: () =>
      new LatentAttention({
        hidden_size,
        num_attention_heads,
        q_lora_rank: reader.has('q_lora_rank') ? reader.count('q_lora_rank') : undefined,
        kv_lora_rank: reader.count('kv_lora_rank'),
        qk_nope_head_dim: nope,
        qk_rope_head_dim: turned,
        v_head_dim: reader.count('v_head_dim', nope),
        attention_bias: reader.flag('attention_bias'),
        rope_interleaved: interleaved,
        score_scale: yarnScoreScale(reader),
      }),
  };
}

/** YaRN's temperature acts on the scores here, squared. */
function yarnScoreScale(reader: ConfigReader): number | undefined {
  const rope = ropeFields(reader);
  const all = rope.number('mscale_all_dim', 0);
  return all ? yarnScale(rope.number('factor'), all) ** 2 : undefined;
}
