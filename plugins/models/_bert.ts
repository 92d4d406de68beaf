import { tanh } from 'swift-ts/graph';
import {
  decoderTraits,
  DeepScore,
  type ConfigReader,
  type DecoderTraits,
  type FieldNames,
} from 'swift-ts/nn';

export const BERT_FIELDS: FieldNames = { rms_norm_eps: 'layer_norm_eps' };

/** What BERT-like models call the parts of a block and of the embedding. */
const NAMES = {
  layers: 'encoder.layer',
  embed_tokens: 'embeddings.word_embeddings',
  embed_positions: 'embeddings.position_embeddings',
  embed_types: 'embeddings.token_type_embeddings',
  embed_norm: 'embeddings.LayerNorm',
  self_attn: 'attention',
  q_proj: 'self.query',
  k_proj: 'self.key',
  v_proj: 'self.value',
  o_proj: 'output.dense',
  post_self_attn_layernorm: 'attention.output.LayerNorm',
  mlp: '',
  up_proj: 'intermediate.dense',
  down_proj: 'output.dense',
  post_mlp_layernorm: 'output.LayerNorm',
};

/** Old checkpoints name a norm's weight and bias as TensorFlow does. */
export const BERT_FORMER_NAMES = [
  [/LayerNorm\.gamma$/, 'LayerNorm.weight'],
  [/LayerNorm\.beta$/, 'LayerNorm.bias'],
] as const;

/** BERT (Devlin et al., 2018): norms of sums, learned positions and types, scored at its first token. @param base name of the encoder */
export function bertTraits(reader: ConfigReader, base: string): DecoderTraits {
  reader.only('position_embedding_type', 'absolute');
  reader.only('is_decoder', false);
  const traits = decoderTraits(reader, { norm_eps: 1e-12, activation: 'gelu' });
  return {
    ...traits,
    bidirectional: true,
    norm: 'layer',
    final_norm: false,
    placement: 'post-sum',
    bias: { qkv: true, o: true, mlp: true },
    mlp: 'plain',
    embedding: {
      norm: 'layer',
      positions: traits.max_position_embeddings,
      types: reader.count('type_vocab_size', 2),
    },
    reads: 'first',
    names: { ...NAMES, model: base },
  };
}

/** out(tanh(dense x)), by the names that checkpoints have for the two layers. */
export function tanhScore(
  { hidden_size: width }: DecoderTraits,
  names: { readonly dense: string; readonly out: string },
): DecoderTraits['score'] {
  return (labels) =>
    new DeepScore({ width, labels, activation: tanh, bias: { dense: true, out: true }, names });
}
