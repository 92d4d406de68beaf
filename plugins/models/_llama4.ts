import {
  createAttention,
  decoderTraits,
  PlainRmsNorm,
  type ConfigReader,
  type DecoderTraits,
  type LayerTraits,
} from 'swift-ts/nn';
import { mixture } from './_mixture.js';
import { StackedExperts } from './_stacked.js';

/** Llama 4: chunks of attention with rotary positions, and every so many layers one that sees all, without; experts. */
export function llama4Traits(reader: ConfigReader): DecoderTraits {
  const base = decoderTraits(
    reader.with({ intermediate_size: reader.count('intermediate_size_mlp', 16_384) }),
    {
      num_key_value_heads: 8,
      head_dim: 128,
      max_position_embeddings: 131_072,
      norm_eps: 1e-5,
      rope_theta: 500_000,
    },
  );
  const { num_hidden_layers: layers, head_dim, norm_eps, hidden_size, activation } = base;
  const turns = turningLayers(reader, layers);
  const chunk = reader.optionalNumber('attention_chunk_size', 8192);
  const kinds = reader.layerWords('layer_types', ['chunked_attention', 'full_attention'], layers);
  const isChunked = (layer: number): boolean =>
    kinds ? kinds[layer] === 'chunked_attention' : chunk !== undefined && turns(layer);
  const tuned = reader.flag('attn_temperature_tuning', true);
  const sharpening = {
    beta: reader.number('attn_scale', 0.1),
    span: reader.number('floor_scale', 8192),
    first: 1,
  };
  const layer = (index: number): LayerTraits => ({
    ...(isChunked(index) && { chunk }),
    ...(!turns(index) && { rope: null, ...(tuned && { sharpening }) }),
  });
  const num_experts = reader.count('num_local_experts', 16);
  const intermediate_size = reader.count('intermediate_size', 8192);
  const experts = { num_experts, hidden_size, intermediate_size, activation: activation!, transposed: true };
  const isSparse = sparseLayers(reader);
  const traits: DecoderTraits = {
    ...base,
    layer,
    rope_interleaved: true,
    qk_norm: reader.flag('use_qk_norm', true) ? () => new PlainRmsNorm(head_dim, norm_eps) : undefined,
    qk_norm_after_rope: true,
    names: { mlp: 'feed_forward', gate: 'router', shared_experts: 'shared_expert' },
    // Layers without positions norm no queries and keys.
    mixer: (index) => (turns(index) ? undefined : createAttention({ ...traits, qk_norm: undefined }, index)),
    feedForward: (index) =>
      isSparse(index)
        ? mixture(traits, {
            ...{ num_experts, intermediate_size },
            shared: intermediate_size,
            weighs_inputs: true,
            experts: () => new StackedExperts(experts),
            route: { k: reader.count('num_experts_per_tok', 1), score: 'sigmoid', normalize: false },
          })
        : undefined,
  };
  return traits;
}

/** Which layers have rotary positions: 1 in `no_rope_layers`, for all its name; else all but every fourth. */
function turningLayers(reader: ConfigReader, layers: number): (layer: number) => boolean {
  const stated = reader.has('no_rope_layers') ? reader.numbers('no_rope_layers') : [];
  if (stated.length === 0) {
    const step = reader.count('no_rope_layer_interval', 4);
    return (layer) => (layer + 1) % step !== 0;
  }
  if (stated.length < layers) throw reader.error('no_rope_layers', `a list of ${layers} of 0 and 1`);
  return (layer) => stated[layer] !== 0;
}

function sparseLayers(reader: ConfigReader): (layer: number) => boolean {
  if (reader.has('moe_layers')) {
    const stated = reader.numbers('moe_layers');
    return (layer) => stated.includes(layer);
  }
  const step = reader.count('interleave_moe_layer_step', 1);
  return (layer) => (layer + 1) % step === 0;
}
