import { DecoderLoader, type Config, type ConfigReader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';

import { glm4vModel, glm4vProcessor, glm4vTraits } from './_glm4v.js';
import { withTextFields } from './_qwen-vl.js';

/** GLM-4.1V (Hong et al., 2025, arXiv 2507.01006), Glyph and AutoGLM-Phone. */
@model({
  family: 'glm4v',
  summary: 'GLM-4.1V: positions of a table, squares of patches through a convolution',
  architectures: ['Glm4vForConditionalGeneration'],
  model_types: ['glm4v'],
  media: ['image'],
  template: 'glm4v',
  lora_target_modules: ['all-linear'],
  variants: {
    'glm-4.1v-9b-base': { hf: 'zai-org/GLM-4.1V-9B-Base', ms: 'ZhipuAI/GLM-4.1V-9B-Base', size: '9B' },
    'glm-4.1v-9b-thinking': {
      hf: 'zai-org/GLM-4.1V-9B-Thinking',
      ms: 'ZhipuAI/GLM-4.1V-9B-Thinking',
      size: '9B',
    },
    'autoglm-phone-9b': { hf: 'zai-org/AutoGLM-Phone-9B', ms: 'ZhipuAI/AutoGLM-Phone-9B', size: '9B' },
    glyph: { hf: 'zai-org/Glyph', ms: 'ZhipuAI/Glyph', template: 'glm4_5v' },
    'glm-4.6v-flash': { hf: 'zai-org/GLM-4.6V-Flash', ms: 'ZhipuAI/GLM-4.6V-Flash', template: 'glm4_5v' },
  },
})
export class Glm4v extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    return glm4vTraits(reader, { num_key_value_heads: 2, max_position_embeddings: 32_768 }, true);
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return glm4vModel(text, reader);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return glm4vProcessor(config, settings, { videos: false });
  }
}
