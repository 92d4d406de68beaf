import { DecoderLoader, decoderTraits, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { LLAMAS } from './_gguf/llama.js';

/** Orion: Llama with layer norms. */
@model({
  family: 'orion',
  summary: 'Orion: Llama with layer norms',
  architectures: ['OrionForCausalLM'],
  model_types: ['orion'],
  gguf: { orion: LLAMAS.orion },
  template: 'orion',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  variants: {
    'orion-14b-chat': { hf: 'OrionStarAI/Orion-14B-Chat', ms: 'OrionStarAI/Orion-14B-Chat', size: '14B' },
    'orion-14b': {
      hf: 'OrionStarAI/Orion-14B-Base',
      ms: 'OrionStarAI/Orion-14B-Base',
      template: 'default-generation',
      size: '14B',
    },
  },
})
export class Orion extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...decoderTraits(reader, { norm_eps: 1e-5 }), norm: 'layer' };
  }
}
