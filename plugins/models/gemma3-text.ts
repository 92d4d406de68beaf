import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { gemma3Traits } from './_gemma.js';
import { GEMMAS } from './_gguf/gemma.js';

/** Gemma 3 for text: five windowed layers to one that sees all. */
@model({
  family: 'gemma3_text',
  summary: 'Gemma 3 for text: five windowed layers to one that sees all',
  architectures: ['Gemma3ForCausalLM'],
  model_types: ['gemma3_text'],
  gguf: { gemma3: GEMMAS.gemma3 },
  template: 'gemma3_text',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'gemma-3-1b-pt': { hf: 'google/gemma-3-1b-pt', ms: 'LLM-Research/gemma-3-1b-pt', size: '1B' },
    'gemma-3-1b-it': { hf: 'google/gemma-3-1b-it', ms: 'LLM-Research/gemma-3-1b-it', size: '1B' },
    'gemma-3-270m': { hf: 'google/gemma-3-270m', ms: 'google/gemma-3-270m', size: '270M' },
    'gemma-3-270m-it': { hf: 'google/gemma-3-270m-it', ms: 'google/gemma-3-270m-it', size: '270M' },
    'medgemma-27b-text-it': {
      hf: 'google/medgemma-27b-text-it',
      ms: 'google/medgemma-27b-text-it',
      size: '27B',
    },
  },
})
export class Gemma3Text extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    if (reader.flag('use_bidirectional_attention'))
      throw reader.error('use_bidirectional_attention', 'false');
    return gemma3Traits(reader);
  }
}
