import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { deepseekV2Traits } from './_deepseek.js';
import { DEEPSEEKS } from './_gguf/deepseek.js';

/** DeepSeek-V2: latent attention, experts in groups. */
@model({
  family: 'deepseek_v2',
  summary: 'DeepSeek-V2: latent attention, experts in groups',
  architectures: ['DeepseekV2ForCausalLM'],
  model_types: ['deepseek_v2'],
  gguf: { deepseek2: DEEPSEEKS.deepseek2 },
  template: 'deepseek2',
  lora_target_modules: ['q_proj', 'q_a_proj', 'q_b_proj', 'kv_a_proj_with_mqa', 'kv_b_proj', 'o_proj'],
  variants: {
    'deepseek-v2_5': {
      hf: 'deepseek-ai/DeepSeek-V2.5',
      ms: 'deepseek-ai/DeepSeek-V2.5',
      template: 'deepseek2_5',
    },
    'deepseek-v2-chat': { hf: 'deepseek-ai/DeepSeek-V2-Chat', ms: 'deepseek-ai/DeepSeek-V2-Chat' },
    'deepseek-v2': {
      hf: 'deepseek-ai/DeepSeek-V2',
      ms: 'deepseek-ai/DeepSeek-V2',
      template: 'default-generation',
    },
    'deepseek-v2-lite-chat': {
      hf: 'deepseek-ai/DeepSeek-V2-Lite-Chat',
      ms: 'deepseek-ai/DeepSeek-V2-Lite-Chat',
    },
    'deepseek-v2-lite': {
      hf: 'deepseek-ai/DeepSeek-V2-Lite',
      ms: 'deepseek-ai/DeepSeek-V2-Lite',
      template: 'default-generation',
    },
    'deepseek-coder-v2-lite-instruct': {
      hf: 'deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct',
      ms: 'deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct',
    },
    'deepseek-coder-v2-instruct': {
      hf: 'deepseek-ai/DeepSeek-Coder-V2-Instruct',
      ms: 'deepseek-ai/DeepSeek-Coder-V2-Instruct',
    },
    'deepseek-coder-v2-lite': {
      hf: 'deepseek-ai/DeepSeek-Coder-V2-Lite-Base',
      ms: 'deepseek-ai/DeepSeek-Coder-V2-Lite-Base',
      template: 'default-generation',
    },
    'deepseek-coder-v2': {
      hf: 'deepseek-ai/DeepSeek-Coder-V2-Base',
      ms: 'deepseek-ai/DeepSeek-Coder-V2-Base',
      template: 'default-generation',
    },
    'deepseek-v2.5-1210': {
      hf: 'deepseek-ai/DeepSeek-V2.5-1210',
      ms: 'deepseek-ai/DeepSeek-V2.5-1210',
      template: 'deepseek_v2_5',
    },
  },
})
export class DeepseekV2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return deepseekV2Traits(reader);
  }
}
