import type { ConfigReader, Decoder, DecoderTraits } from 'swift-ts/nn';
import { model } from 'swift-ts/plugin';
import { NAMES } from './_qwen-vl.js';
import { deltaNetTraits } from './_qwen3-next.js';
import { Qwen3VlLoader, qwen3VlModel } from './_qwen3-vl.js';

/** Qwen3.5 and what came after it: Qwen3-VL's tower before Qwen3-Next's gated DeltaNet, without mixtures. */
@model({
  family: 'qwen3_5',
  summary: 'Qwen3.5, 3.6, 3.8: gated DeltaNet that sees, every fourth layer with gated attention',
  architectures: ['Qwen3_5ForConditionalGeneration'],
  model_types: ['qwen3_5'],
  media: ['image', 'video'],
  template: 'qwen3_5',
  lora_target_modules: ['all-linear'],
  variants: {
    'qwen3.5-0.8b': { hf: 'Qwen/Qwen3.5-0.8B', ms: 'Qwen/Qwen3.5-0.8B', size: '0.8B' },
    'qwen3.5-2b': { hf: 'Qwen/Qwen3.5-2B', ms: 'Qwen/Qwen3.5-2B', size: '2B' },
    'qwen3.5-4b': { hf: 'Qwen/Qwen3.5-4B', ms: 'Qwen/Qwen3.5-4B', size: '4B' },
    'qwen3.5-9b': { hf: 'Qwen/Qwen3.5-9B', ms: 'Qwen/Qwen3.5-9B', size: '9B' },
    'qwen3.5-27b': { hf: 'Qwen/Qwen3.5-27B', ms: 'Qwen/Qwen3.5-27B', size: '27B' },
    'qwen3.5-27b-fp8': { hf: 'Qwen/Qwen3.5-27B-FP8', ms: 'Qwen/Qwen3.5-27B-FP8', size: '27B', codec: 'fp8' },
    'qwen3.5-0.8b-base': { hf: 'Qwen/Qwen3.5-0.8B-Base', ms: 'Qwen/Qwen3.5-0.8B-Base', size: '0.8B' },
    'qwen3.5-2b-base': { hf: 'Qwen/Qwen3.5-2B-Base', ms: 'Qwen/Qwen3.5-2B-Base', size: '2B' },
    'qwen3.5-4b-base': { hf: 'Qwen/Qwen3.5-4B-Base', ms: 'Qwen/Qwen3.5-4B-Base', size: '4B' },
    'qwen3.5-9b-base': { hf: 'Qwen/Qwen3.5-9B-Base', ms: 'Qwen/Qwen3.5-9B-Base', size: '9B' },
    'qwen3.6-27b': { hf: 'Qwen/Qwen3.6-27B', ms: 'Qwen/Qwen3.6-27B', size: '27B' },
    'qwen3.6-27b-fp8': { hf: 'Qwen/Qwen3.6-27B-FP8', ms: 'Qwen/Qwen3.6-27B-FP8', size: '27B', codec: 'fp8' },
    'qwen3.8-27b': { hf: 'Qwen/Qwen3.8-27B', ms: 'Qwen/Qwen3.8-27B', template: 'qwen3_8', size: '27B' },
    'qwen3.8-27b-fp8': {
      hf: 'Qwen/Qwen3.8-27B-FP8',
      ms: 'Qwen/Qwen3.8-27B-FP8',
      template: 'qwen3_8',
      size: '27B',
      codec: 'fp8',
    },
    ovisocr2: { hf: 'ATH-MaaS/OvisOCR2', ms: 'ATH-MaaS/OvisOCR2', template: 'ovis_ocr2' },
  },
})
export class Qwen3_5 extends Qwen3VlLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    reader.only('attn_output_gate', true);
    const defaults = { num_key_value_heads: 4, max_position_embeddings: 32_768 };
    return { ...deltaNetTraits(reader, 'split', defaults), names: NAMES };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return qwen3VlModel(text, reader, []);
  }
}
