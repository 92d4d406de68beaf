import {
  DecoderLoader,
  type Decoder,
  decoderTraits,
  RmsNorm,
  type Config,
  type ConfigReader,
  type DecoderTraits,
} from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { mixture } from './_mixture.js';

const NAMES = {
  self_attn: 'attn',
  mlp: 'moe_block',
  gate_proj: 'linear',
  up_proj: 'linear_v',
  down_proj: 'linear_1',
  input_layernorm: 'pre_attn_norm',
  post_self_attn_layernorm: 'post_attn_norm',
  post_attention_layernorm: 'pre_moe_norm',
  post_mlp_layernorm: 'post_moe_norm',
};

/** Grok-1, as its port to PyTorch stores it. */
@model({
  family: 'grok',
  summary: 'Grok-1, as its port to PyTorch stores it',
  architectures: ['Grok1ModelForCausalLM'],
  model_types: ['grok-1'],
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'grok-1': { hf: 'hpcai-tech/grok-1', ms: 'colossalai/grok-1-pytorch' },
  },
})
export class Grok1 extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    const model = super.build(config);
    for (const [, module] of model.namedModules()) {
      if (module instanceof RmsNorm) module.names = { weight: 'scale' };
    }
    return model;
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = {
      ...decoderTraits(reader, { norm_eps: 1e-5, activation: 'gelu', tie_word_embeddings: true }),
      placement: 'sandwich' as const,
      names: NAMES,
    };
    return {
      ...traits,
      embedding: { scale: reader.number('embedding_multiplier_scale', 1) },
      logits: { scale: reader.number('output_multiplier_scale', 1) },
      attention_scale: reader.number('attn_output_multiplier', 1),
      score_cap: reader.number('max_attn_value', 30),
      feedForward: () =>
        mixture(traits, {
          num_experts: reader.count('num_experts', 8),
          intermediate_size: traits.intermediate_size,
          route: { k: reader.count('num_experts_per_tok', 2), normalize: false },
        }),
    };
  }
}
