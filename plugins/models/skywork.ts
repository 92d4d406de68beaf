import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** Skywork: Llama-shaped decoders of Kunlun. */
@model({
  family: 'skywork',
  summary: 'Skywork: Llama-shaped decoders of Kunlun',
  architectures: ['SkyworkForCausalLM'],
  model_types: ['skywork'],
  template: 'skywork',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'skywork-13b': {
      hf: 'Skywork/Skywork-13B-base',
      ms: 'skywork/Skywork-13B-base',
      template: 'default-generation',
      size: '13B',
    },
    'skywork-13b-chat': { ms: 'skywork/Skywork-13B-chat', size: '13B' },
  },
})
export class Skywork extends DecoderLoader implements ModelLoader {}
