import {
  DecoderLoader,
  decoderTraits,
  type Config,
  type ConfigReader,
  type Decoder,
  type DecoderTraits,
} from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { KEYE_IGNORED, keyeImages, keyeModel } from './_keye.js';
import { plainRope, withTextFields } from './_qwen-vl.js';

/** As PaddlePaddle publishes them. */
const FORMER_NAMES = [
  [/^mlp_AR\./, 'model.projector.'],
  [/^visual\./, 'model.visual.'],
  [/^model\.(?!visual\.|projector\.|language_model\.)/, 'model.language_model.'],
] as const;

/** PaddleOCR-VL (Cui et al., 2025, arXiv 2510.14528): Keye-VL's tower, ERNIE 4.5 with positions on three axes. */
@model({
  family: 'paddleocr_vl',
  summary: 'PaddleOCR-VL: texts, tables and formulas in pictures of any size',
  architectures: ['PaddleOCRVLForConditionalGeneration'],
  model_types: ['paddleocr_vl'],
  media: ['image'],
  template: 'paddle_ocr_1_5',
  former_names: FORMER_NAMES,
  lora_target_modules: ['all-linear'],
  ignored_tensors: KEYE_IGNORED,
  variants: {
    'paddleocr-vl': {
      hf: 'PaddlePaddle/PaddleOCR-VL',
      ms: 'PaddlePaddle/PaddleOCR-VL',
      template: 'paddle_ocr',
    },
    'paddleocr-vl-1.5': { hf: 'PaddlePaddle/PaddleOCR-VL-1.5', ms: 'PaddlePaddle/PaddleOCR-VL-1.5' },
    'paddleocr-vl-1.6': { hf: 'PaddlePaddle/PaddleOCR-VL-1.6', ms: 'PaddlePaddle/PaddleOCR-VL-1.6' },
  },
})
export class PaddleOcrVl extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    const bias = reader.flag('use_bias');
    return {
      ...decoderTraits(plainRope(reader), {
        head_dim: 128,
        num_key_value_heads: 2,
        max_position_embeddings: 131_072,
        norm_eps: 1e-5,
        rope_theta: 500_000,
        tie_word_embeddings: true,
      }),
      bias: { qkv: bias, o: bias, mlp: bias },
      names: { model: 'model.language_model', tower: '' },
    };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return keyeModel(text, reader, { visual: 'model.visual', projector: 'model.projector' });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const tokens = ['<|IMAGE_START|>', '<|IMAGE_PLACEHOLDER|>', '<|IMAGE_END|>'] as const;
    return { image: keyeImages(config, settings, tokens, { least: 384 * 384, most: 1536 * 1536 }) };
  }
}
