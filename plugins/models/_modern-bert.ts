import {
  ACTIVATIONS,
  createNorm,
  decoderTraits,
  DeepScore,
  ropeFields,
  slidingLayers,
  type ConfigReader,
  type DecoderTraits,
  type FieldNames,
} from 'swift-ts/nn';

export const MODERN_BERT_FIELDS: FieldNames = { rms_norm_eps: 'norm_eps', hidden_act: 'hidden_activation' };

const NAMES = {
  embed_tokens: 'embeddings.tok_embeddings',
  embed_norm: 'embeddings.norm',
  input_layernorm: 'attn_norm',
  self_attn: 'attn',
  qkv_proj: 'Wqkv',
  o_proj: 'Wo',
  post_attention_layernorm: 'mlp_norm',
  gate_up_proj: 'Wi',
  down_proj: 'Wo',
  norm: 'final_norm',
  score: '',
};

/**
 * ModernBERT (Warner et al., 2024, arXiv 2412.13663): rotary positions, norms before branches, and two layers that see
 * `local_attention` positions around their own to one that sees all.
 */
export function modernBertTraits(reader: ConfigReader): DecoderTraits {
  const traits = decoderTraits(reader, { norm_eps: 1e-5, activation: 'gelu', max_position_embeddings: 8192 });
  const { hidden_size: width, norm_eps } = traits;
  const norm = reader.flag('norm_bias') ? 'layer' : 'layer-no-bias';
  const every = reader.count('global_attn_every_n_layers', 3);
  const slides = slidingLayers(reader, (layer) => layer % every !== 0);
  const window = Math.floor(reader.count('local_attention', 128) / 2) + 1;
  // Transformers 5 nests the fields by kind of layer.
  const rope = ropeFields(reader);
  const [full, local] = [rope.nested('full_attention'), rope.nested('sliding_attention')];
  const activation = ACTIVATIONS[reader.choice('classifier_activation', Object.keys(ACTIVATIONS), 'gelu')];
  const bias = { dense: reader.flag('classifier_bias'), out: true };
  const names = { dense: 'head.dense', norm: 'head.norm', out: 'classifier' };
  return {
    ...traits,
    bidirectional: true,
    norm,
    bias: { qkv: traits.bias.qkv, o: traits.bias.o, mlp: reader.flag('mlp_bias') },
    qkv: 'concat',
    mlp: 'fused',
    embedding: { norm },
    rope_theta: full.number('rope_theta', reader.number('global_rope_theta', 160_000)),
    local_rope: { theta: local.number('rope_theta', reader.number('local_rope_theta', 10_000)) },
    layer: (layer) => ({
      ...(slides(layer) ? { rope: 1, window } : {}),
      ...(layer === 0 && { first_norm: false }),
    }),
    reads: reader.choice('classifier_pooling', ['cls', 'mean'], 'cls') === 'cls' ? 'first' : 'mean',
    score: (labels) =>
      new DeepScore({ width, labels, activation, bias, norm: createNorm(norm, width, norm_eps), names }),
    names: NAMES,
  };
}
