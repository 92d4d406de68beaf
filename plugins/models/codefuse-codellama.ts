import { DecoderLoader } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';

/** CodeFuse fine-tune of Code Llama. */
@model({
  family: 'codefuse-codellama',
  summary: 'CodeFuse fine-tune of Code Llama',
  architectures: [],
  same_architecture_as: 'llama',
  template: 'codefuse-codellama',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'codefuse-codellama-34b-chat': {
      hf: 'codefuse-ai/CodeFuse-CodeLlama-34B',
      ms: 'codefuse-ai/CodeFuse-CodeLlama-34B',
      size: '34B',
    },
  },
})
export class CodefuseCodeLlama extends DecoderLoader implements ModelLoader {}
