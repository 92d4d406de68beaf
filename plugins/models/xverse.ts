import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { mixture } from './_mixture.js';
import { LLAMAS } from './_gguf/llama.js';

/** XVERSE: Llama-shaped decoders, one with experts. */
@model({
  family: 'xverse',
  summary: 'XVERSE: Llama-shaped decoders, one with experts',
  architectures: ['XverseForCausalLM'],
  model_types: ['xverse'],
  gguf: { xverse: LLAMAS.xverse },
  template: 'xverse',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'xverse-7b': {
      hf: 'xverse/XVERSE-7B',
      ms: 'xverse/XVERSE-7B',
      template: 'default-generation',
      size: '7B',
    },
    'xverse-7b-chat': { hf: 'xverse/XVERSE-7B-Chat', ms: 'xverse/XVERSE-7B-Chat', size: '7B' },
    'xverse-13b-256k': {
      hf: 'xverse/XVERSE-13B-256K',
      ms: 'xverse/XVERSE-13B-256K',
      template: 'default-generation',
      size: '13B',
    },
    'xverse-65b-chat': { hf: 'xverse/XVERSE-65B-Chat', ms: 'xverse/XVERSE-65B-Chat', size: '65B' },
    'xverse-65b-v2': {
      hf: 'xverse/XVERSE-65B-2',
      ms: 'xverse/XVERSE-65B-2',
      template: 'default-generation',
      size: '65B',
    },
    'xverse-65b': {
      hf: 'xverse/XVERSE-65B',
      ms: 'xverse/XVERSE-65B',
      template: 'default-generation',
      size: '65B',
    },
    'xverse-13b': {
      hf: 'xverse/XVERSE-13B',
      ms: 'xverse/XVERSE-13B',
      template: 'default-generation',
      size: '13B',
    },
    'xverse-13b-chat': { hf: 'xverse/XVERSE-13B-Chat', ms: 'xverse/XVERSE-13B-Chat', size: '13B' },
    'xverse-moe-a4_2b': {
      hf: 'xverse/XVERSE-MoE-A4.2B',
      ms: 'xverse/XVERSE-MoE-A4.2B',
      template: 'default-generation',
    },
  },
})
export class Xverse extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = { ...decoderTraits(reader), names: { gate: 'router' } };
    const { intermediate_size } = traits;
    const num_experts = reader.number('num_experts', 0);
    return {
      ...traits,
      feedForward: () =>
        num_experts > 0
          ? mixture(traits, {
              num_experts,
              intermediate_size,
              shared: intermediate_size * reader.number('num_shared_experts', 0),
              route: { k: reader.count('moe_top_k'), normalize: reader.flag('norm_topk_prob', true) },
            })
          : undefined,
    };
  }
}
