import {
  DecoderLoader,
  decoderTraits,
  type ConfigReader,
  type DecoderTraits,
  type NormedResidual,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { LightningAttention } from './_lightning-attention.js';
import { MIXTRAL_NAMES, mixture } from './_mixture.js';

/** MiniMax-Text-01 and MiniMax-M1: lightning attention, a few layers with softmax, experts. */
@model({
  family: 'minimax',
  summary: 'MiniMax-Text-01 and MiniMax-M1: lightning attention, a few layers with softmax, experts',
  architectures: ['MiniMaxText01ForCausalLM', 'MiniMaxM1ForCausalLM', 'MiniMaxForCausalLM'],
  model_types: ['minimax_text_01', 'minimax_m1', 'minimax'],
  template: 'minimax',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj', 'qkv_proj'],
  // Decays, which follow from the number of heads and the layer.
  ignored_tensors: [/\.self_attn\.(slope_rate|(query|key|diagonal)_decay)$/],
  variants: {
    'minimax-text-01': { hf: 'MiniMaxAI/MiniMax-Text-01', ms: 'MiniMax/MiniMax-Text-01' },
    'minimax-m1-40k': {
      hf: 'MiniMaxAI/MiniMax-M1-40k',
      ms: 'MiniMax/MiniMax-M1-40k',
      template: 'minimax_m1',
    },
    'minimax-m1-80k': {
      hf: 'MiniMaxAI/MiniMax-M1-80k',
      ms: 'MiniMax/MiniMax-M1-80k',
      template: 'minimax_m1',
    },
  },
})
export class MiniMax extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('postnorm', true);
    reader.only('shared_intermediate_size', 0);
    const llama = decoderTraits(reader, { norm_eps: 1e-5, rope_theta: 1_000_000 });
    const { head_dim, rotary_dims = head_dim, intermediate_size } = llama;
    const traits = { ...llama, rotary_dims: reader.count('rotary_dim', rotary_dims), names: MIXTRAL_NAMES };
    const isLinear = linearLayers(reader);
    return {
      ...traits,
      normed_residual: (layer) => normedResidual(reader, isLinear(layer)),
      mixer: (layer) => (isLinear(layer) ? new LightningAttention(traits, layer) : undefined),
      feedForward: () =>
        mixture(traits, {
          num_experts: reader.count('num_local_experts', 8),
          intermediate_size,
          route: { k: reader.count('num_experts_per_tok', 2), normalize: true },
        }),
    };
  }
}

/** Named by the config of MiniMax, or of Transformers, which lets both kinds take turns where it says nothing. */
function linearLayers(reader: ConfigReader): (layer: number) => boolean {
  if (reader.has('attn_type_list')) return (layer) => reader.numbers('attn_type_list')[layer] === 0;
  const kinds = reader.get('layer_types') as readonly string[] | undefined;
  return (layer) => (kinds ? kinds[layer] === 'linear_attention' : layer % 2 === 1);
}

function normedResidual(reader: ConfigReader, isLinear: boolean): NormedResidual {
  const factor = (part: string, own: string, which: 'alpha' | 'beta'): number =>
    reader.number(`layernorm_${part}_${which}`, reader.number(`${own}_${which}_factor`, 1));
  const both = (part: string, own: string): [number, number] => [
    factor(part, own, 'alpha'),
    factor(part, own, 'beta'),
  ];
  return {
    attention: isLinear ? both('linear_attention', 'linear_attn') : both('full_attention', 'full_attn'),
    mlp: both('mlp', 'mlp'),
  };
}
