import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { MIXTRAL_NAMES, mixture } from './_mixture.js';

/** Mixtral and its fine-tunes: eight experts, two per token. */
@model({
  family: 'mixtral',
  summary: 'Mixtral and its fine-tunes: eight experts, two per token',
  architectures: ['MixtralForCausalLM'],
  model_types: ['mixtral'],
  template: 'llama',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'mixtral-moe-8x22b-v1': {
      hf: 'mistral-community/Mixtral-8x22B-v0.1',
      ms: 'AI-ModelScope/Mixtral-8x22B-v0.1',
      template: 'default-generation',
    },
    'mixtral-moe-7b-instruct': {
      hf: 'mistralai/Mixtral-8x7B-Instruct-v0.1',
      ms: 'AI-ModelScope/Mixtral-8x7B-Instruct-v0.1',
      size: '7B',
    },
    'mixtral-moe-7b': {
      hf: 'mistralai/Mixtral-8x7B-v0.1',
      ms: 'AI-ModelScope/Mixtral-8x7B-v0.1',
      template: 'default-generation',
      size: '7B',
    },
    'openbuddy-mixtral-moe-7b-chat': {
      hf: 'OpenBuddy/openbuddy-mixtral-7bx8-v18.1-32k',
      ms: 'OpenBuddy/openbuddy-mixtral-7bx8-v18.1-32k',
      template: 'openbuddy',
      size: '7B',
    },
    'wizardlm2-8x22b': {
      hf: 'alpindale/WizardLM-2-8x22B',
      ms: 'AI-ModelScope/WizardLM-2-8x22B',
      template: 'wizardlm2',
    },
    'mixtral-moe-7b-aqlm-2bit-1x16': {
      hf: 'ISTA-DASLab/Mixtral-8x7b-AQLM-2Bit-1x16-hf',
      ms: 'AI-ModelScope/Mixtral-8x7b-AQLM-2Bit-1x16-hf',
      template: 'default-generation',
      size: '7B',
      codec: 'aqlm',
    },
  },
})
export class Mixtral extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = {
      ...decoderTraits(reader, { norm_eps: 1e-5, rope_theta: 1_000_000, num_key_value_heads: 8 }),
      names: MIXTRAL_NAMES,
    };
    const window = reader.has('sliding_window') ? reader.count('sliding_window') : undefined;
    return {
      ...traits,
      layer: () => ({ window }),
      feedForward: () =>
        mixture(traits, {
          num_experts: reader.count('num_local_experts', 8),
          intermediate_size: traits.intermediate_size,
          route: { k: reader.count('num_experts_per_tok', 2), normalize: true },
        }),
    };
  }
}
