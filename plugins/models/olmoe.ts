import { DecoderLoader, decoderTraits, RmsNorm, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { mixture } from './_mixture.js';
import { OLMOS } from './_gguf/olmo.js';

/** OLMoE: 64 small experts, norms over whole queries and keys. */
@model({
  family: 'olmoe',
  summary: 'OLMoE: 64 small experts, norms over whole queries and keys',
  architectures: ['OlmoeForCausalLM'],
  model_types: ['olmoe'],
  gguf: { olmoe: OLMOS.olmoe },
  template: 'olmoe_0924',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'olmoe-1b-7b-0125': {
      hf: 'allenai/OLMoE-1B-7B-0125',
      ms: 'allenai/OLMoE-1B-7B-0125',
      template: 'olmoe',
      size: '1B',
    },
    'olmoe-1b-7b-0125-instruct': {
      hf: 'allenai/OLMoE-1B-7B-0125-Instruct',
      ms: 'allenai/OLMoE-1B-7B-0125-Instruct',
      template: 'olmoe',
      size: '1B',
    },
    'olmoe-1b-7b-0924': { hf: 'allenai/OLMoE-1B-7B-0924', ms: 'allenai/OLMoE-1B-7B-0924', size: '1B' },
    'olmoe-1b-7b-0924-instruct': {
      hf: 'allenai/OLMoE-1B-7B-0924-Instruct',
      ms: 'allenai/OLMoE-1B-7B-0924-Instruct',
      size: '1B',
    },
    'olmoe-1b-7b-0924-sft': {
      hf: 'allenai/OLMoE-1B-7B-0924-SFT',
      ms: 'allenai/OLMoE-1B-7B-0924-SFT',
      size: '1B',
    },
  },
})
export class Olmoe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const llama = decoderTraits(reader, { norm_eps: 1e-5 });
    return {
      ...llama,
      qk_norm: (heads) => new RmsNorm(heads * llama.head_dim, llama.norm_eps),
      clip_qkv: reader.has('clip_qkv') ? reader.number('clip_qkv') : undefined,
      feedForward: () =>
        mixture(llama, {
          num_experts: reader.count('num_experts', 64),
          intermediate_size: llama.intermediate_size,
          route: {
            k: reader.count('num_experts_per_tok', 8),
            normalize: reader.flag('norm_topk_prob'),
          },
        }),
    };
  }
}
