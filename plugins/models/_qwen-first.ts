import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** Of the two branches of the feed-forward, `w2` is the activated one. */
const NAMES = {
  model: 'transformer',
  embed_tokens: 'wte',
  layers: 'h',
  norm: 'ln_f',
  input_layernorm: 'ln_1',
  self_attn: 'attn',
  qkv_proj: 'c_attn',
  o_proj: 'c_proj',
  post_attention_layernorm: 'ln_2',
  gate_proj: 'w2',
  up_proj: 'w1',
  down_proj: 'c_proj',
  tower: '',
};

/** The first Qwen (Bai et al., 2023, arXiv 2309.16609), which its models of pictures and of sounds stand on. */
export class FirstQwen extends DecoderLoader {
  /** Beyond `seq_length` its own code scales positions and queries while it generates; here that length is the limit. */
  protected override readonly fields = {
    head_dim: 'kv_channels',
    max_position_embeddings: 'seq_length',
    rms_norm_eps: 'layer_norm_epsilon',
    rope_theta: 'rotary_emb_base',
  };

  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('no_bias', true);
    reader.only('rotary_pct', 1);
    const traits = decoderTraits(reader);
    return {
      ...traits,
      // Its config counts both branches of the feed-forward.
      intermediate_size: traits.intermediate_size / 2,
      bias: { qkv: true, o: false, mlp: false },
      qkv: 'concat',
      names: NAMES,
    };
  }
}
