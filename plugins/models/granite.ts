import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { graniteTraits } from './_granite.js';
import { SCALED } from './_gguf/scaled.js';

/** Granite of IBM: scaled embeddings, branches, scores and logits. */
@model({
  family: 'granite',
  summary: 'Granite of IBM: scaled embeddings, branches, scores and logits',
  architectures: ['GraniteForCausalLM'],
  model_types: ['granite'],
  gguf: { granite: SCALED.granite },
  template: 'default-generation',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'granite-3.0-2b-base': { hf: 'ibm-granite/granite-3.0-2b-base', size: '2B' },
    'granite-3.0-8b-base': { hf: 'ibm-granite/granite-3.0-8b-base', size: '8B' },
    'granite-3.1-2b-base': { hf: 'ibm-granite/granite-3.1-2b-base', size: '2B' },
    'granite-3.1-8b-base': { hf: 'ibm-granite/granite-3.1-8b-base', size: '8B' },
    'granite-3.3-2b-base': { hf: 'ibm-granite/granite-3.3-2b-base', size: '2B' },
    'granite-3.3-8b-base': { hf: 'ibm-granite/granite-3.3-8b-base', size: '8B' },
  },
})
export class Granite extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return graniteTraits(reader);
  }
}
