import { ConfigReader, DecoderLoader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  firstMinute,
  FrameVideos,
  InterpolatedImages,
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { COGVLM_FIELDS, cogvlmModel, cogvlmTraits, paddingToken } from './_cogvlm.js';
import { imageSteps } from './_image-settings.js';

/** As the model was trained. */
const FRAMES = 24;

/** What is left of CogVLM2's layers. */
const NAMES = {
  qkv_proj: 'language_expert_query_key_value',
  o_proj: 'language_expert_dense',
  gate_proj: 'language_mlp.gate_proj',
  up_proj: 'language_mlp.up_proj',
  down_proj: 'language_mlp.down_proj',
};

/**
 * CogVLM2-Video (Hong et al., 2024, arXiv 2408.16500): one set of layers for text and features. All frames of a video stand in one run, as
 * SWIFT gives them; the authors' own code also writes the number of each.
 */
@model({
  family: 'cogvlm2_video',
  summary: 'CogVLM2-Video: 24 frames of the first minute, each as EVA2-CLIP sees it',
  architectures: ['CogVLMVideoForCausalLM'],
  media: ['video'],
  template: 'cogvlm2-video',
  lora_target_modules: ['all-linear'],
  variants: {
    'cogvlm2-video-13b-chat': {
      hf: 'THUDM/cogvlm2-video-llama3-chat',
      ms: 'ZhipuAI/cogvlm2-video-llama3-chat',
      size: '13B',
    },
  },
})
export class CogVlm2Video extends DecoderLoader implements ModelLoader {
  protected override readonly fields = COGVLM_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    const traits = cogvlmTraits(reader);
    return { ...traits, rope_theta: 500_000, names: { ...traits.names, ...NAMES } };
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return cogvlmModel(text, reader, { conv: true });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const token = paddingToken(reader);
    const image = new InterpolatedImages({
      ...imageSteps(settings),
      size: reader.nested('vision_config').count('image_size'),
      token,
      leads: true,
      text: ({ features }) => token.repeat(features),
    });
    const video = new FrameVideos({
      image,
      choose: (facts) => firstMinute(facts, FRAMES),
      text: (_, features) => token.repeat(features),
    });
    return { video };
  }
}
