import { DecoderLoader, type ConfigReader, type Decoder, type DecoderTraits } from 'swift-ts/nn';
import {
  model,
  type ImageSettings,
  type ModelConfig,
  type ModelLoader,
  type Processor,
} from 'swift-ts/plugin';
import { TOKEN, UNUSED, viewImages, XCOMPOSER_LORA, xcomposerModel, xcomposerTraits } from './_xcomposer.js';

/** Side of a tile. */
const SIDE = 560;

/** InternLM-XComposer-2.5 (Zhang et al., 2024, arXiv 2407.03320). */
@model({
  family: 'xcomposer2_5',
  summary: 'InternLM-XComposer-2.5: a picture as up to 24 tiles of 560 pixels, each of several as up to 6',
  architectures: ['InternLMXComposer2ForCausalLM'],
  media: ['image'],
  template: 'internlm-xcomposer2_5',
  ignored_tensors: UNUSED,
  lora_target_modules: XCOMPOSER_LORA,
  variants: {
    'internlm-xcomposer2_5-7b-chat': {
      hf: 'internlm/internlm-xcomposer2d5-7b',
      ms: 'Shanghai_AI_Laboratory/internlm-xcomposer2d5-7b',
      size: '7B',
    },
    'internlm-xcomposer2d5-ol-7b:base': {
      hf: 'internlm/internlm-xcomposer2d5-ol-7b:base',
      ms: 'Shanghai_AI_Laboratory/internlm-xcomposer2d5-ol-7b:base',
      size: '7B',
    },
  },
})
export class XComposer25 extends DecoderLoader implements ModelLoader {
  protected override traits(reader: ConfigReader): DecoderTraits {
    return xcomposerTraits(reader);
  }

  protected override make(text: DecoderTraits, reader: ConfigReader): Decoder {
    return xcomposerModel(text, reader, SIDE, { views: true });
  }

  processor(config: ModelConfig, settings: ImageSettings): Processor {
    const image = viewImages(config, settings, SIDE, {
      most_tiles: 24,
      several_tiles: 6,
      enlarges: false,
      padding: 'below',
      text: ({ features }) => TOKEN.repeat(features),
    });
    return { image };
  }
}
