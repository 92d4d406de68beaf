import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { phi3Traits } from './_phi3.js';
import { PHIS } from './_gguf/phi.js';

/** Phi-3, 3.5 and 4 of Microsoft: fused projections, LongRoPE. */
@model({
  family: 'phi3',
  summary: 'Phi-3, 3.5 and 4 of Microsoft: fused projections, LongRoPE',
  architectures: ['Phi3ForCausalLM'],
  model_types: ['phi3'],
  gguf: { phi3: PHIS.phi3 },
  template: 'phi3',
  lora_target_modules: ['qkv_proj'],
  variants: {
    'phi3_5-mini-instruct': {
      hf: 'microsoft/Phi-3.5-mini-instruct',
      ms: 'LLM-Research/Phi-3.5-mini-instruct',
    },
    'phi3-4b-4k-instruct': {
      hf: 'microsoft/Phi-3-mini-4k-instruct',
      ms: 'LLM-Research/Phi-3-mini-4k-instruct',
      size: '4B',
    },
    'phi3-medium-128k-instruct': {
      hf: 'microsoft/Phi-3-medium-128k-instruct',
      ms: 'LLM-Research/Phi-3-medium-128k-instruct',
    },
    'phi3-medium-4k-instruct': {
      hf: 'microsoft/Phi-3-medium-4k-instruct',
      ms: 'LLM-Research/Phi-3-medium-4k-instruct',
    },
    'phi3-4b-128k-instruct': {
      hf: 'microsoft/Phi-3-mini-128k-instruct',
      ms: 'LLM-Research/Phi-3-mini-128k-instruct',
      size: '4B',
    },
    'phi-4-mini-instruct': { hf: 'microsoft/Phi-4-mini-instruct', ms: 'LLM-Research/Phi-4-mini-instruct' },
    'phi-4': { hf: 'microsoft/phi-4', ms: 'LLM-Research/phi-4', template: 'phi4' },
  },
})
export class Phi3 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return phi3Traits(reader);
  }
}
