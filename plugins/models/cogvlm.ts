import { ConfigReader, DecoderLoader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { COGVLM_FIELDS, cogvlmModel, cogvlmTraits, isSecond, paddingToken, withExperts } from './_cogvlm.js';
import { evaImages } from './_eva-clip.js';
import { COGVLM_GROUNDING } from './_grounding.js';

/** CogVLM (Wang et al., 2023, arXiv 2311.03079) and CogVLM2 (Hong et al., 2024, arXiv 2408.16500). */
@model({
  family: 'cogvlm',
  summary:
    'CogVLM and CogVLM2: EVA2-CLIP, and layers of their own for features in each block of the language model',
  architectures: ['CogVLMForCausalLM'],
  media: ['image'],
  template: 'cogvlm',
  lora_target_modules: ['all-linear'],
  variants: {
    'cogvlm-17b-chat': { hf: 'THUDM/cogvlm-chat-hf', ms: 'ZhipuAI/cogvlm-chat', size: '17B' },
    'cogvlm2-19b-chat': {
      hf: 'THUDM/cogvlm2-llama3-chinese-chat-19B',
      ms: 'ZhipuAI/cogvlm2-llama3-chinese-chat-19B',
      size: '19B',
    },
    'cogvlm2-en-19b-chat': {
      hf: 'THUDM/cogvlm2-llama3-chat-19B',
      ms: 'ZhipuAI/cogvlm2-llama3-chat-19B',
      size: '19B',
    },
  },
})
export class CogVlm extends DecoderLoader implements ModelLoader {
  protected override readonly fields = COGVLM_FIELDS;

  protected override traits(reader: ConfigReader): DecoderTraits {
    return withExperts(cogvlmTraits(reader), { bias: isSecond(reader) });
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return cogvlmModel(text, reader, { conv: isSecond(reader) });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const reader = new ConfigReader(config);
    const image = evaImages(reader, settings, { token: paddingToken(reader), leads: true });
    return { image, grounding: COGVLM_GROUNDING };
  }
}
