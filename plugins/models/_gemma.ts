import { ACTIVATIONS, decoderTraits, HeadRmsNorm, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';

/** What all generations of Gemma share. Their `hidden_act: "gelu"` means the tanh form. */
export function gemmaTraits(reader: ConfigReader): DecoderTraits {
  const llama = decoderTraits(reader, { head_dim: 256, tie_word_embeddings: true });
  return {
    ...llama,
    norm: 'rms-offset',
    activation: ACTIVATIONS[activationOf(reader)],
    embedding: { scale: Math.sqrt(llama.hidden_size) },
  };
}

const TANH = 'gelu_pytorch_tanh';

/** Gemma's first configs say gelu and mean its approximation; later families have a field of their own. */
function activationOf(reader: ConfigReader): keyof typeof ACTIVATIONS {
  const field = reader.has('hidden_activation') ? 'hidden_activation' : 'hidden_act';
  if (field === 'hidden_act' && reader.get(field) === 'gelu') return TANH;
  return reader.choice(field, Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[], TANH);
}

/** What Gemma 2 adds, and Gemma 3 keeps: norms around each branch, a scale of its own. */
export function sandwichedTraits(reader: ConfigReader): DecoderTraits {
  return {
    ...gemmaTraits(reader),
    placement: 'sandwich',
    attention_scale: reader.number('query_pre_attn_scalar', 256) ** -0.5,
    names: {
      post_self_attn_layernorm: 'post_attention_layernorm',
      post_attention_layernorm: 'pre_feedforward_layernorm',
      post_mlp_layernorm: 'post_feedforward_layernorm',
    },
  };
}

/** Queries and keys normed by head (Gemma 3). */
export function headNorm({ head_dim, norm_eps }: DecoderTraits): DecoderTraits['qk_norm'] {
  return () => new HeadRmsNorm(head_dim, norm_eps, 1);
}
