import {
  ACTIVATIONS,
  decoderTraits,
  HeadRmsNorm,
  ropeFields,
  ropeScaling,
  slidingLayers,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';

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

/** Gemma 2: capped scores, every other layer windowed. */
export function gemma2Traits(reader: ConfigReader): DecoderTraits {
  const window = reader.count('sliding_window', 4096);
  const slides = slidingLayers(reader, (layer) => layer % 2 === 0);
  return {
    ...sandwichedTraits(reader),
    score_cap: reader.optionalNumber('attn_logit_softcapping', 50),
    logits: { cap: reader.optionalNumber('final_logit_softcapping', 30) },
    layer: (layer) => (slides(layer) ? { window } : {}),
  };
}

/** Gemma 3: five windowed layers to one that sees all, and positions of its own for each kind. */
export function gemma3Traits(reader: ConfigReader): DecoderTraits {
  const traits = sandwichedTraits(reader);
  const stated = reader.count('sliding_window', 4096);
  const bidirectional = reader.flag('use_bidirectional_attention');
  // Transformers halves it for both sides, and counts a position's own to each.
  const window = bidirectional ? Math.floor(stated / 2) + 1 : stated;
  const pattern = reader.count('sliding_window_pattern', 6);
  const slides = slidingLayers(reader, (layer) => (layer + 1) % pattern !== 0);
  // Transformers 5 nests the fields by kind of layer.
  const rope = ropeFields(reader);
  const [full, local] = [rope.nested('full_attention'), rope.nested('sliding_attention')];
  return {
    ...traits,
    bidirectional,
    qk_norm: headNorm(traits),
    logits: { cap: reader.optionalNumber('final_logit_softcapping') },
    rope_theta: reader.number('rope_theta', full.number('rope_theta', 1_000_000)),
    rope_scaling: full.has('rope_theta')
      ? ropeScaling(full, traits.max_position_embeddings)
      : traits.rope_scaling,
    local_rope: { theta: reader.number('rope_local_base_freq', local.number('rope_theta', 10_000)) },
    layer: (layer) => (slides(layer) ? { rope: 1, window } : {}),
  };
}

/** Queries and keys normed by head (Gemma 3). */
function headNorm({ head_dim, norm_eps }: DecoderTraits): DecoderTraits['qk_norm'] {
  return () => new HeadRmsNorm(head_dim, norm_eps, 1);
}
