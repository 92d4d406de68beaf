import type { ConfigReader, DecoderTraits } from 'swift-ts/nn';
import { model } from 'swift-ts/plugin';
import { FORMER_NAMES } from './_qwen-vl.js';
import { Qwen2VlLoader } from './_qwen2-vl.js';

/** GME (Zhang et al., 2024, arXiv 2412.16855): vectors of texts and pictures at the last token, `<|endoftext|>`. */
@model({
  family: 'qwen2_gme',
  summary: 'GME on Qwen2-VL: vectors of what it reads and sees, at the last token',
  architectures: [],
  same_architecture_as: 'qwen2_vl',
  media: ['image', 'video'],
  template: 'qwen2_gme',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  ignored_tensors: [/^lm_head\./],
  variants: {
    'gme-qwen2-vl-2b-instruct': {
      hf: 'Alibaba-NLP/gme-Qwen2-VL-2B-Instruct',
      ms: 'iic/gme-Qwen2-VL-2B-Instruct',
      size: '2B',
    },
    'gme-qwen2-vl-7b-instruct': {
      hf: 'Alibaba-NLP/gme-Qwen2-VL-7B-Instruct',
      ms: 'iic/gme-Qwen2-VL-7B-Instruct',
      size: '7B',
    },
  },
})
export class Qwen2Gme extends Qwen2VlLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...super.traits(reader), wordless: true };
  }
}
