import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { OLMOS } from './_gguf/olmo.js';

/** OLMo: norms without parameters, clipped projections. */
@model({
  family: 'olmo',
  summary: 'OLMo: norms without parameters, clipped projections',
  architectures: ['OlmoForCausalLM'],
  model_types: ['olmo'],
  gguf: { olmo: OLMOS.olmo },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'olmo-1b': { hf: 'allenai/OLMo-1B-hf', size: '1B' },
    'olmo-7b': { hf: 'allenai/OLMo-7B-hf', size: '7B' },
    'olmo-1.7-7b': { hf: 'allenai/OLMo-1.7-7B-hf', size: '7B' },
  },
})
export class Olmo extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return {
      ...decoderTraits(reader),
      norm: 'layer-plain',
      // No config names it.
      norm_eps: 1e-5,
      clip_qkv: reader.has('clip_qkv') ? reader.number('clip_qkv') : undefined,
    };
  }
}
