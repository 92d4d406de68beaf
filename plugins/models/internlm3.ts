import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { internlm3Traits } from './_internlm3.js';

/** InternLM3 of Shanghai AI Laboratory. */
@model({
  family: 'internlm3',
  summary: 'InternLM3 of Shanghai AI Laboratory',
  architectures: ['InternLM3ForCausalLM'],
  model_types: ['internlm3'],
  template: 'internlm2',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'internlm3-8b-instruct': {
      hf: 'internlm/internlm3-8b-instruct',
      ms: 'Shanghai_AI_Laboratory/internlm3-8b-instruct',
      size: '8B',
    },
  },
})
export class InternLm3 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return internlm3Traits(reader);
  }
}
