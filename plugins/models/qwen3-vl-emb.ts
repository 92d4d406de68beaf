import type { ConfigReader, DecoderTraits } from 'swift-ts/nn';
import { model } from 'swift-ts/plugin';
import { Qwen3VlLoader } from './_qwen3-vl.js';

/** Qwen3-VL-Embedding: vectors of texts, pictures and videos at the last token, `<|endoftext|>`. */
@model({
  family: 'qwen3_vl_emb',
  summary: 'Qwen3-VL-Embedding: vectors of what it reads and sees, at the last token',
  architectures: [],
  same_architecture_as: 'qwen3_vl',
  media: ['image', 'video'],
  template: 'qwen3_vl_emb',
  lora_target_modules: ['all-linear'],
  ignored_tensors: [/^lm_head\./],
  variants: {
    'qwen3-vl-embedding-2b': {
      hf: 'Qwen/Qwen3-VL-Embedding-2B',
      ms: 'Qwen/Qwen3-VL-Embedding-2B',
      size: '2B',
    },
    'qwen3-vl-embedding-8b': {
      hf: 'Qwen/Qwen3-VL-Embedding-8B',
      ms: 'Qwen/Qwen3-VL-Embedding-8B',
      size: '8B',
    },
  },
})
export class Qwen3VlEmb extends Qwen3VlLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...super.traits(reader), wordless: true };
  }
}
