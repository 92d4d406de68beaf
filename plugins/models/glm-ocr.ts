import { DecoderLoader, type Config, type ConfigReader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { glm4vProcessor, glmOcrModel, glm4vTraits } from './_glm4v.js';
import { withTextFields } from './_qwen-vl.js';

/** GLM-OCR: GLM-4.1V's way for texts in pictures, smaller. */
@model({
  family: 'glm_ocr',
  summary: 'GLM-OCR: texts in pictures of any size',
  architectures: ['GlmOcrForConditionalGeneration'],
  model_types: ['glm_ocr'],
  media: ['image'],
  template: 'glm_ocr',
  lora_target_modules: ['all-linear'],
  variants: {
    'glm-ocr': { hf: 'zai-org/GLM-OCR', ms: 'ZhipuAI/GLM-OCR' },
  },
})
export class GlmOcr extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return glm4vTraits(reader, { num_key_value_heads: 8, max_position_embeddings: 131_072 }, false);
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return glmOcrModel(text, reader);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return glm4vProcessor(config, settings, { videos: false });
  }
}
