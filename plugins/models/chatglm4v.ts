import { ConfigReader, DecoderLoader, MultimodalLM, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { CHATGLM_BUFFERS, CHATGLM_FIELDS, chatglm3Traits } from './_chatglm.js';
import { evaImages, evaRoles, evaTower } from './_eva-clip.js';

/** Where the tower lies. */
const VISION = 'transformer.vision';

/**
 * GLM-4V-9B, and CogAgent-9B, which is the same: https://github.com/zai-org/GLM-4. Its own code puts features in the places of the marks
 * around a picture, too.
 */
@model({
  family: 'chatglm4v',
  summary: 'GLM-4V-9B and CogAgent-9B: EVA2-CLIP over a picture of 1120 pixels, and GLM-4',
  architectures: [],
  same_architecture_as: 'chatglm',
  told_by: 'vision_config',
  media: ['image'],
  template: 'chatglm4v',
  ignored_tensors: CHATGLM_BUFFERS,
  lora_target_modules: ['all-linear'],
  variants: {
    'glm4v-9b-chat': { hf: 'THUDM/glm-4v-9b', ms: 'ZhipuAI/glm-4v-9b', size: '9B' },
    'cogagent-9b-20241220': {
      hf: 'zai-org/cogagent-9b-20241220',
      ms: 'ZhipuAI/cogagent-9b-20241220',
      size: '9B',
    },
  },
})
export class ChatGlm4v extends DecoderLoader implements ModelLoader {
  protected override readonly fields = CHATGLM_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = chatglm3Traits(reader);
    return { ...traits, names: { ...traits.names, tower: '' } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    const { hidden_size, intermediate_size } = text;
    return new MultimodalLM({
      text,
      tower: evaTower(reader, VISION, { hidden_size, intermediate_size, conv: hidden_size }),
      roles: evaRoles(VISION),
      shared_positions: true,
    });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    return { image: evaImages(new ConfigReader(config), settings, { token: '<|begin_of_image|>' }) };
  }
}
