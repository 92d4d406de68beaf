/** What Qwen3-Next and the families after it have in common. */
import {
  decoderTraits,
  GatedDeltaNet,
  HeadRmsNorm,
  type ConfigReader,
  type DecoderTraits,
  type DeltaNetTraits,
  type TraitDefaults,
} from 'swift-ts/nn';

/** Gated DeltaNet, every fourth layer with gated attention, a quarter of whose dimensions turn. */
export function deltaNetTraits(
  reader: ConfigReader,
  stored: DeltaNetTraits['stored'],
  defaults: TraitDefaults,
): DecoderTraits {
  reader.only('hidden_act', 'silu');
  const traits = decoderTraits(reader, { head_dim: 256, partial_rotary_factor: 0.25, ...defaults });
  const { hidden_size, head_dim, norm_eps } = traits;
  const deltaNet = {
    hidden_size,
    norm_eps,
    stored,
    num_key_heads: reader.count('linear_num_key_heads', 16),
    num_value_heads: reader.count('linear_num_value_heads', 32),
    key_head_dim: reader.count('linear_key_head_dim', 128),
    value_head_dim: reader.count('linear_value_head_dim', 128),
    conv_kernel: reader.count('linear_conv_kernel_dim', 4),
  };
  const hasAttention = attentionLayers(reader);
  return {
    ...traits,
    norm: 'rms-offset',
    qk_norm: () => new HeadRmsNorm(head_dim, norm_eps, 1),
    output_gate: true,
    mixer: (layer) => (hasAttention(layer) ? undefined : new GatedDeltaNet(deltaNet)),
  };
}

/** What configs call the parts of a mixture. */
export const mixtureParts = (reader: ConfigReader, num_experts: number) => ({
  num_experts: reader.count('num_experts', num_experts),
  intermediate_size: reader.count('moe_intermediate_size', 512),
  shared: reader.count('shared_expert_intermediate_size', 512),
  shared_gate: true,
});

function attentionLayers(reader: ConfigReader): (layer: number) => boolean {
  const words = ['full_attention', 'linear_attention'];
  const kinds = reader.layerWords('layer_types', words, reader.count('num_hidden_layers'));
  const step = reader.count('full_attention_interval', 4);
  return (layer) => (kinds ? kinds[layer] === 'full_attention' : (layer + 1) % step === 0);
}
