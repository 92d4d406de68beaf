import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { gemmaTraits } from './_gemma.js';
import { GEMMAS } from './_gguf/gemma.js';

/** Gemma of Google. */
@model({
  family: 'gemma',
  summary: 'Gemma of Google',
  architectures: ['GemmaForCausalLM'],
  model_types: ['gemma'],
  gguf: { gemma: GEMMAS.gemma },
  template: 'gemma',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'gemma-7b-instruct': { hf: 'google/gemma-7b-it', ms: 'AI-ModelScope/gemma-7b-it', size: '7B' },
    'gemma-2b-instruct': { hf: 'google/gemma-2b-it', ms: 'AI-ModelScope/gemma-2b-it', size: '2B' },
    'gemma-7b': {
      hf: 'google/gemma-7b',
      ms: 'AI-ModelScope/gemma-7b',
      template: 'default-generation',
      size: '7B',
    },
    'gemma-2b': {
      hf: 'google/gemma-2b',
      ms: 'AI-ModelScope/gemma-2b',
      template: 'default-generation',
      size: '2B',
    },
  },
})
export class Gemma extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return gemmaTraits(reader);
  }
}
