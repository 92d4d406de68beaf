import { DecoderLoader, type ConfigReader, type DecoderTraits } from 'swift-ts/nn';
import { model, type ModelLoader } from 'swift-ts/plugin';
import { qwen3Traits } from './_qwen.js';

/** Qwen3-Embedding: vectors at the last token, `<|endoftext|>`. */
@model({
  family: 'qwen3_emb',
  summary: 'Qwen3-Embedding: vectors at the last token',
  architectures: [],
  same_architecture_as: 'qwen3',
  template: 'qwen3_emb',
  lora_target_modules: ['q_proj', 'k_proj', 'v_proj'],
  ignored_tensors: [/^lm_head\./],
  variants: {
    'qwen3-embedding-0.6b': {
      hf: 'Qwen/Qwen3-Embedding-0.6B',
      ms: 'Qwen/Qwen3-Embedding-0.6B',
      size: '0.6B',
    },
    'qwen3-embedding-4b': { hf: 'Qwen/Qwen3-Embedding-4B', ms: 'Qwen/Qwen3-Embedding-4B', size: '4B' },
    'qwen3-embedding-8b': { hf: 'Qwen/Qwen3-Embedding-8B', ms: 'Qwen/Qwen3-Embedding-8B', size: '8B' },
  },
})
export class Qwen3Emb extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...qwen3Traits(reader), wordless: true };
  }
}
