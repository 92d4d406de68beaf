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
import { correctedLayers } from './_mixture.js';
import { glm4vModel, glm4vProcessor } from './_glm4v.js';
import { NAMES, withTextFields } from './_qwen-vl.js';

/** GLM-4.5V and GLM-4.6V: mixtures of experts. */
@model({
  family: 'glm4v_moe',
  summary: 'GLM-4.5V and GLM-4.6V: GLM-4.1V with mixtures of experts',
  architectures: ['Glm4vMoeForConditionalGeneration'],
  model_types: ['glm4v_moe'],
  media: ['image', 'video'],
  template: 'glm4_5v',
  lora_target_modules: ['all-linear'],
  variants: {
    'glm-4.5v': { hf: 'zai-org/GLM-4.5V', ms: 'ZhipuAI/GLM-4.5V' },
    'glm-4.5v-fp8': { hf: 'zai-org/GLM-4.5V-FP8', ms: 'ZhipuAI/GLM-4.5V-FP8', codec: 'fp8' },
    'glm-4.6v': { hf: 'zai-org/GLM-4.6V', ms: 'ZhipuAI/GLM-4.6V' },
    'glm-4.6v-fp8': { hf: 'zai-org/GLM-4.6V-FP8', ms: 'ZhipuAI/GLM-4.6V-FP8', codec: 'fp8' },
  },
})
export class Glm4vMoe extends DecoderLoader implements ModelLoader {
  override build(config: Config): Decoder {
    return super.build(withTextFields(config));
  }

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = {
      ...decoderTraits(reader, {
        num_key_value_heads: 8,
        max_position_embeddings: 65_536,
        norm_eps: 1e-5,
        partial_rotary_factor: 0.5,
      }),
      bias: { qkv: reader.flag('attention_bias', true), o: false, mlp: false },
      names: NAMES,
    };
    return { ...traits, feedForward: correctedLayers(reader, traits, { dense: 1, shared: 1 }) };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return glm4vModel(text, reader);
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return glm4vProcessor(config, settings, { videos: true });
  }
}
