import { DecoderLoader, decoderTraits, MambaMixer, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { mixture } from './_mixture.js';
import { STATE_SPACES } from './_gguf/state-space.js';

const NAMES = {
  mlp: 'feed_forward',
  gate: 'router',
  post_attention_layernorm: 'pre_ff_layernorm',
  norm: 'final_layernorm',
};

/** Jamba: Mamba layers, a few with attention, mixtures of experts. */
@model({
  family: 'jamba',
  summary: 'Jamba: Mamba layers, a few with attention, mixtures of experts',
  architectures: ['JambaForCausalLM'],
  model_types: ['jamba'],
  gguf: { jamba: STATE_SPACES.jamba },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj', 'in_proj', 'out_proj'],
  variants: {
    'jamba-v0_1': { hf: 'ai21labs/Jamba-v0.1', size: '52B' },
    'jamba-1_5-mini': { hf: 'ai21labs/AI21-Jamba-1.5-Mini', size: '52B' },
  },
})
export class Jamba extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('hidden_act', 'silu');
    const traits = { ...decoderTraits(reader), names: NAMES };
    const { hidden_size, norm_eps, activation, intermediate_size } = traits;
    const rank = reader.get('mamba_dt_rank');
    const mamba = {
      hidden_size,
      intermediate_size: hidden_size * reader.count('mamba_expand', 2),
      state_size: reader.count('mamba_d_state', 16),
      conv_kernel: reader.count('mamba_d_conv', 4),
      use_bias: reader.flag('mamba_proj_bias'),
      use_conv_bias: reader.flag('mamba_conv_bias', true),
      time_step_rank: typeof rank === 'number' ? rank : Math.ceil(hidden_size / 16),
      inner_norm_eps: norm_eps,
      activation,
      slot: 'mamba',
    };
    const hasAttention = every(reader, 'attn_layer', { period: 8, offset: 4 });
    const hasExperts = every(reader, 'expert_layer', { period: 2, offset: 1 });
    const num_experts = reader.count('num_experts', 16);
    const route = { k: reader.count('num_experts_per_tok', 2), normalize: false };
    return {
      ...traits,
      layer: () => ({ rope: null }),
      mixer: (layer) => (hasAttention(layer) ? undefined : new MambaMixer(mamba)),
      feedForward: (layer) =>
        num_experts > 1 && hasExperts(layer)
          ? mixture(traits, { num_experts, intermediate_size, route })
          : undefined,
    };
  }
}

function every(
  reader: ConfigReader,
  what: string,
  { period, offset }: { readonly period: number; readonly offset: number },
): (layer: number) => boolean {
  const step = reader.count(`${what}_period`, period);
  const first = reader.number(`${what}_offset`, offset);
  return (layer) => layer % step === first;
}
