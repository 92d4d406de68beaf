import type { ConfigReader, DecoderTraits } from 'swift-ts/nn';
import { model } from 'swift-ts/plugin';
import { qwenScore } from './_qwen.js';
import { FORMER_NAMES } from './_qwen-vl.js';
import { Qwen2VlLoader } from './_qwen2-vl.js';

/** What its own code takes off its scores before they become probabilities. */
const SHIFT = 2.65;

/** jina-reranker-m0: Qwen2-VL, whose last state two layers score. */
@model({
  family: 'jina_reranker_m0',
  summary: 'jina-reranker-m0: Qwen2-VL that scores documents with pictures',
  architectures: ['JinaVLForRanking'],
  media: ['image', 'video'],
  template: 'jina_reranker_m0',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  ignored_tensors: [/^lm_head\./],
  variants: {
    'jina-reranker-m0': { hf: 'JinaAI/jina-reranker-m0', ms: 'JinaAI/jina-reranker-m0' },
  },
})
export class JinaRerankerM0 extends Qwen2VlLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return { ...super.traits(reader), wordless: true, score: qwenScore(reader, SHIFT) };
  }
}
