import { DecoderLoader, decoderTraits, RmsNorm, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { OLMOS } from './_gguf/olmo.js';

/** OLMo 2: norms behind each branch, and over all queries and keys. */
@model({
  family: 'olmo2',
  summary: 'OLMo 2: norms behind each branch, and over all queries and keys',
  architectures: ['Olmo2ForCausalLM'],
  model_types: ['olmo2'],
  gguf: { olmo2: OLMOS.olmo2 },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'olmo-2-0425-1b': { hf: 'allenai/OLMo-2-0425-1B', size: '1B' },
    'olmo-2-1124-7b': { hf: 'allenai/OLMo-2-1124-7B', size: '7B' },
    'olmo-2-1124-13b': { hf: 'allenai/OLMo-2-1124-13B', size: '13B' },
    'olmo-2-0325-32b': { hf: 'allenai/OLMo-2-0325-32B', size: '32B' },
  },
})
export class Olmo2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = decoderTraits(reader, { norm_eps: 1e-5 });
    return {
      ...traits,
      placement: 'post',
      qk_norm: (heads) => new RmsNorm(heads * traits.head_dim, traits.norm_eps),
      names: {
        post_self_attn_layernorm: 'post_attention_layernorm',
        post_mlp_layernorm: 'post_feedforward_layernorm',
      },
    };
  }
}
