import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { deepseekMoeTraits } from './_deepseek.js';
import { DEEPSEEKS } from './_gguf/deepseek.js';

/** DeepSeek-MoE: many small experts and shared ones. */
@model({
  family: 'deepseek',
  summary: 'DeepSeek-MoE: many small experts and shared ones',
  architectures: ['DeepseekForCausalLM'],
  model_types: ['deepseek'],
  gguf: { deepseek: DEEPSEEKS.deepseek },
  template: 'deepseek',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'deepseek-moe-16b': {
      hf: 'deepseek-ai/deepseek-moe-16b-base',
      ms: 'deepseek-ai/deepseek-moe-16b-base',
      template: 'default-generation',
      size: '16B',
    },
    'deepseek-moe-16b-chat': {
      hf: 'deepseek-ai/deepseek-moe-16b-chat',
      ms: 'deepseek-ai/deepseek-moe-16b-chat',
      size: '16B',
    },
  },
})
export class DeepseekMoe extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return deepseekMoeTraits(reader);
  }
}
