import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { gemma2Traits } from './_gemma.js';
import { GEMMAS } from './_gguf/gemma.js';

/** Gemma 2: sandwich norms, capped scores, every other layer windowed. */
@model({
  family: 'gemma2',
  summary: 'Gemma 2: sandwich norms, capped scores, every other layer windowed',
  architectures: ['Gemma2ForCausalLM'],
  model_types: ['gemma2'],
  gguf: { gemma2: GEMMAS.gemma2 },
  template: 'gemma',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'gemma2-27b-instruct': { hf: 'google/gemma-2-27b-it', ms: 'LLM-Research/gemma-2-27b-it', size: '27B' },
    'gemma2-9b-instruct': { hf: 'google/gemma-2-9b-it', ms: 'LLM-Research/gemma-2-9b-it', size: '9B' },
    'gemma2-2b-instruct': { hf: 'google/gemma-2-2b-it', ms: 'LLM-Research/gemma-2-2b-it', size: '2B' },
    'gemma2-27b': {
      hf: 'google/gemma-2-27b',
      ms: 'LLM-Research/gemma-2-27b',
      template: 'default-generation',
      size: '27B',
    },
    'gemma2-9b': {
      hf: 'google/gemma-2-9b',
      ms: 'LLM-Research/gemma-2-9b',
      template: 'default-generation',
      size: '9B',
    },
    'gemma2-2b': {
      hf: 'google/gemma-2-2b',
      ms: 'LLM-Research/gemma-2-2b',
      template: 'default-generation',
      size: '2B',
    },
  },
})
export class Gemma2 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return gemma2Traits(reader);
  }
}
