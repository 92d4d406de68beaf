import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { MIXTRAL_NAMES, mixture } from './_mixture.js';
import { sparseMixer } from './_sparse-mixer.js';
import { PHIS } from './_gguf/phi.js';

/** Phi-3.5-MoE: experts chosen by SparseMixer. */
@model({
  family: 'phi3_moe',
  summary: 'Phi-3.5-MoE: experts chosen by SparseMixer',
  architectures: ['PhiMoEForCausalLM', 'PhimoeForCausalLM'],
  model_types: ['phimoe'],
  gguf: { phimoe: PHIS.phimoe },
  template: 'phi3',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'phi3_5-moe-instruct': { hf: 'microsoft/Phi-3.5-MoE-instruct', ms: 'LLM-Research/Phi-3.5-MoE-instruct' },
  },
})
export class PhiMoe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const bias = reader.flag('attention_bias');
    const traits = {
      ...decoderTraits(reader, { norm_eps: 1e-5, rope_theta: 1_000_000 }),
      norm: 'layer' as const,
      bias: { qkv: bias, o: bias, mlp: false },
      logits: { bias: reader.flag('lm_head_bias') },
      names: MIXTRAL_NAMES,
    };
    const window = reader.has('sliding_window') ? reader.count('sliding_window') : undefined;
    return {
      ...traits,
      layer: () => ({ window }),
      feedForward: () =>
        mixture(traits, {
          num_experts: reader.count('num_local_experts', 16),
          intermediate_size: traits.intermediate_size,
          route: sparseMixer(reader.number('router_jitter_noise', 0.01)),
        }),
    };
  }
}
